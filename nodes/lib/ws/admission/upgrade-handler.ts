import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { WebSocket, WebSocketServer } from "ws";
import type { AccessControl, Verdict } from "../../access/access-control";
import { type Grant, isDenial, mayReadMetrics } from "../../access/grant";
import { overlaps } from "../../mqtt/filter-overlap";
import { addressBlock } from "../../net/ip-address";
import { sentence } from "../../text/sentence";
import type { Clock } from "../../time/clock";
import { TurnBudget } from "../../time/turn-budget";
import type { Subscription } from "../hub/subscription";
import { FilterBudget, type FilterOwner } from "./filter-budget";
import { Gatekeeper, type GatekeeperOptions } from "./gatekeeper";
import { createHandshake, limitExtensions } from "./handshake";
import { Refusal, sendRefusal } from "./refusal";
import type { UpgradeGuard } from "./upgrade-guard";

const RETRY_SOON = { "Retry-After": "1" };
const BUSY = sentence("admission.busy");

/**
 * Of the process. Hundreds of requests may be ready in one turn of the event loop, each good for a millisecond of parsing. Most of
 * the loop, as long as they last: who waits longer than a second is cut off by dashboards on the same web server (engine.io).
 */
const TURNS = new TurnBudget({ turnMs: 20 });
/** Others on the web server end upgrades that nobody answers: Node-RED after 5 s. */
const MAX_WAIT_MS = 4000;

/** A client that was let in. */
export interface AcceptedClient {
  readonly address: string;
  readonly subscription: Subscription;
  /** `undefined`: nobody needs one. */
  readonly grant: Grant | undefined;
}

/** What the handshake gives. */
export interface OpenedSocket {
  readonly ws: WebSocket;
  /** The one that `ws` has taken over. */
  readonly socket: Socket;
}

/** A client that was let in, whose handshake is in order and was not answered yet. Its place is kept. */
export interface CheckedUpgrade {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
  readonly accepted: AcceptedClient;
  /** Answers it here, after all. */
  goOn(): void;
  refuse(refusal: Refusal): void;
}

export interface UpgradeListener {
  /** The callee has `leave` called once the client is gone. */
  joined(opened: OpenedSocket, accepted: AcceptedClient): void;
  refused(address: string, refusal: Refusal): void;
  /** An error of our own while a client was connecting. */
  failed(error: unknown): void;
}

export interface UpgradeContext {
  readonly access: AccessControl;
  /** Asked besides; default: nobody. */
  readonly guard?: UpgradeGuard | undefined;
  /**
   * Has somebody else answer a client. Then it is up to the callee to have `leave` called, unless one of the methods of the
   * upgrade is. @returns false: it is answered here
   */
  readonly elsewhere?: ((upgrade: CheckedUpgrade) => boolean) | undefined;
  /** Whether clients may agree to be sent what is compressed; default: no. */
  readonly compress?: boolean | undefined;
  readonly clock: Clock;
  /** What the server holds may rule out what a client asks for. @throws {Refusal} */
  check?(subscription: Subscription): void;
}

interface PendingUpgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly address: string;
}

/** Takes upgrade requests and answers each: with a refusal, or by letting the client in. */
export class UpgradeHandler {
  /** May be replaced at any time; who is inside stays there. */
  access: AccessControl;
  readonly #listener: UpgradeListener;
  readonly #gatekeeper: Gatekeeper;
  readonly #filters = new FilterBudget();
  readonly #handshake: WebSocketServer;
  /** Those whose handshake is just being looked at. */
  readonly #accepted = new Map<
    IncomingMessage,
    { readonly pending: PendingUpgrade; readonly accepted: AcceptedClient }
  >();
  readonly #elsewhere: UpgradeContext["elsewhere"];
  readonly #compress: boolean;
  readonly #guard: UpgradeGuard | undefined;
  readonly #clock: Clock;
  readonly #check: UpgradeContext["check"];
  #isClosed = false;

  constructor(options: GatekeeperOptions, listener: UpgradeListener, context: UpgradeContext) {
    const { access, clock, guard, elsewhere, compress = false, check } = context;
    this.#check = check;
    this.#guard = guard;
    this.#compress = compress;
    this.#clock = clock;
    this.#elsewhere = elsewhere;
    this.#handshake = createHandshake(elsewhere && ((request, goOn) => this.#checked(request, goOn)));
    this.access = access;
    this.#listener = listener;
    this.#gatekeeper = new Gatekeeper(options, clock);
    this.#handshake.on("wsClientError", (error, socket, request) => {
      this.#refuse(
        socket,
        this.#gatekeeper.addressOf(request),
        new Refusal(400, sentence("admission.handshake", { problem: error.message })),
      );
    });
  }

  /** Decides at once, or within the next turns of the event loop if there is much to decide. Never throws. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // While it is still connected.
    const pending = { request, socket, head, address: this.#gatekeeper.addressOf(request) };
    const latest = this.#clock.now() + MAX_WAIT_MS;
    TURNS.do({
      step: () => {
        if (this.#clock.now() > latest)
          this.#refuse(socket, pending.address, new Refusal(503, BUSY, { headers: RETRY_SOON }));
        else if (!socket.destroyed) this.#decide(pending);
        return false;
      },
    });
  }

  #decide(pending: PendingUpgrade): void {
    const { request } = pending;
    try {
      const { address } = pending;
      this.#checkOpen();
      const { subscription, token } = this.#gatekeeper.admit(request, address, !this.access.isOpen);
      const verdict = this.#verdict(pending, token);
      if (verdict instanceof Promise) {
        this.#letInLater(pending, subscription, verdict).catch((error) => this.#fail(pending, error));
      } else {
        this.#letIn(pending, subscription, verdict);
      }
    } catch (error) {
      this.#fail(pending, error);
    }
  }

  /**
   * What a WebSocket for the address of a plain request would be told; 426 if it would be let in. Nobody's place is taken.
   * Rejects only for an error of our own.
   */
  explain(request: IncomingMessage): Promise<Refusal> {
    const address = this.#gatekeeper.addressOf(request);
    return new Promise((resolve, reject) => {
      TURNS.do({
        step: () => {
          this.#explanation(request, address).then(resolve, reject);
          return false;
        },
      });
    });
  }

  async #explanation(request: IncomingMessage, address: string): Promise<Refusal> {
    try {
      this.#checkOpen();
      const { subscription, token } = this.#gatekeeper.consider(request, address, !this.access.isOpen);
      this.#considered({ address, subscription, grant: granted(await this.#verdict({ request, address }, token)) });
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
    return new Refusal(426, sentence("admission.only-websocket"), { headers: { Upgrade: "websocket" } });
  }

  /** Why a request may not read the metrics of the server; `undefined`: it may. Rejects only for an error of our own. */
  async scrapeRefusal(request: IncomingMessage): Promise<Refusal | undefined> {
    const address = this.#gatekeeper.addressOf(request);
    try {
      const token = this.#gatekeeper.considerScrape(request, address, !this.access.isOpen);
      const grant = granted(await this.#verdict({ request, address }, token));
      if (grant !== undefined && !mayReadMetrics(grant)) throw new Refusal(403, sentence("admission.metrics-token"));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#listener.refused(address, error);
      return error;
    }
    return undefined;
  }

  /** To be called once for every client that was let in. */
  leave(accepted: AcceptedClient): void {
    const { address, subscription } = accepted;
    this.#gatekeeper.leave(address);
    this.#filters.remove(ownerOf(accepted), subscription);
  }

  /** From now on everybody is asked to come back later. */
  close(): void {
    this.#isClosed = true;
  }

  /** The guard is asked at the same time, since others on the web server end upgrades that take long. */
  #verdict(
    { request, address }: Pick<PendingUpgrade, "request" | "address">,
    token: string | undefined,
  ): Verdict | Promise<Verdict> {
    const verdict = this.access.verdict(token);
    if (this.#guard === undefined) return verdict;
    return Promise.all([this.#guard(request, address), verdict]).then(([refusal, settled]) => {
      if (refusal !== undefined) throw refusal;
      return settled;
    });
  }

  /** Keeps the client's place while it is being checked. */
  async #letInLater(pending: PendingUpgrade, subscription: Subscription, verdict: Promise<Verdict>): Promise<void> {
    this.#gatekeeper.enter(pending.address);
    let settled: Verdict;
    try {
      settled = await verdict;
    } finally {
      this.#gatekeeper.leave(pending.address);
    }
    if (pending.socket.destroyed) return;
    this.#checkOpen();
    this.#letIn(pending, subscription, settled);
  }

  #letIn(pending: PendingUpgrade, asked: Subscription, verdict: Verdict): void {
    const { request, socket, head, address } = pending;
    const accepted = this.#considered({ address, subscription: asked, grant: granted(verdict) });
    limitExtensions(request, this.#compress);
    this.#accepted.set(request, { pending, accepted });
    try {
      this.#handshake.handleUpgrade(request, socket, head, (ws) => {
        this.#enter(accepted);
        this.#listener.joined({ ws, socket: socket as Socket }, accepted);
      });
    } finally {
      this.#accepted.delete(request);
    }
  }

  /** The handshake of a client that was let in is in order. */
  #checked(request: IncomingMessage, goOn: () => void): void {
    const { pending, accepted } = this.#accepted.get(request) ?? {};
    if (pending === undefined || accepted === undefined || !pending.socket.writable) {
      goOn();
      return;
    }
    const { socket, head, address } = pending;
    this.#enter(accepted);
    const isTaken = this.#elsewhere?.({
      request,
      socket: socket as Socket,
      head,
      accepted,
      goOn: () => {
        this.leave(accepted);
        goOn();
      },
      refuse: (refusal) => {
        this.leave(accepted);
        this.#refuse(socket, address, refusal);
      },
    });
    if (isTaken) return;
    this.leave(accepted);
    goOn();
  }

  #enter(accepted: AcceptedClient): void {
    this.#gatekeeper.enter(accepted.address);
    this.#filters.add(ownerOf(accepted), accepted.subscription);
  }

  /** The client as it would be let in. @throws {Refusal} */
  #considered({ address, subscription: asked, grant }: AcceptedClient): AcceptedClient {
    if (!this.access.holds(grant))
      throw new Refusal(503, sentence("admission.access-changed"), { headers: RETRY_SOON });
    const accepted = { address, subscription: limited(asked, grant), grant };
    this.#check?.(accepted.subscription);
    const excess = this.#filters.excess(ownerOf(accepted), accepted.subscription);
    if (excess === "owner") throw new Refusal(429, sentence("admission.too-many-own-filters"));
    if (excess === "all") throw new Refusal(503, sentence("admission.too-many-filters-in-use"));
    return accepted;
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new Refusal(503, sentence("admission.restarting"), { headers: RETRY_SOON });
  }

  #fail({ socket, address }: PendingUpgrade, error: unknown): void {
    if (error instanceof Refusal) {
      this.#refuse(socket, address, error);
    } else {
      socket.destroy();
      this.#listener.failed(error);
    }
  }

  #refuse(socket: Duplex, address: string, refusal: Refusal): void {
    sendRefusal(socket, refusal);
    this.#listener.refused(address, refusal);
  }
}

function ownerOf({ address, grant }: AcceptedClient): FilterOwner {
  if (grant === undefined) return { key: addressBlock(address), isTrusted: false };
  return { key: JSON.stringify([grant.id, grant.name]), isTrusted: true };
}

/** @throws {Refusal} 401 or 503 */
function granted(verdict: Verdict): Grant | undefined {
  if (verdict === undefined || !isDenial(verdict)) return verdict;
  const { status, denied } = verdict;
  throw new Refusal(status, denied, { headers: status === 401 ? { "WWW-Authenticate": "Bearer" } : RETRY_SOON });
}

/** @throws {Refusal} 403 when nothing is left of what the client asks for */
function limited(asked: Subscription, grant: Grant | undefined): Subscription {
  if (grant === undefined) return asked;
  if (!overlaps(asked.filters, grant.filters)) {
    throw new Refusal(403, sentence("admission.topics-not-granted"));
  }
  return { ...asked, granted: grant.filters };
}
