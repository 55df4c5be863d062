import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { WebSocket, WebSocketServer } from "ws";
import type { Verdict } from "../../access/access-control";
import { sentence } from "../../text/sentence";
import type { Clock } from "../../time/clock";
import { TurnBudget } from "../../time/turn-budget";
import { type AcceptedClient, Admission, type AdmissionContext, type Claim } from "./admission";
import type { GatekeeperOptions } from "./gatekeeper";
import { createHandshake, limitExtensions } from "./handshake";
import { Refusal, sendRefusal } from "./refusal";

const RETRY_SOON = { "Retry-After": "1" };
const BUSY = sentence("admission.busy");

/**
 * Of the process. Hundreds of requests may be ready in one turn of the event loop, each good for a millisecond of parsing. Most of
 * the loop, as long as they last: who waits longer than a second is cut off by dashboards on the same web server (engine.io).
 */
const TURNS = new TurnBudget({ turnMs: 20 });
/** Others on the web server end upgrades that nobody answers: Node-RED after 5 s. */
const MAX_WAIT_MS = 4000;

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

export interface UpgradeContext extends AdmissionContext {
  /**
   * Has somebody else answer a client. Then it is up to the callee to have `leave` called, unless one of the methods of the
   * upgrade is. @returns false: it is answered here
   */
  readonly elsewhere?: ((upgrade: CheckedUpgrade) => boolean) | undefined;
  /** Whether clients may agree to be sent what is compressed; default: no. */
  readonly compress?: boolean | undefined;
}

interface PendingUpgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly address: string;
}

/** Takes upgrade requests and answers each: with a refusal, or by letting the client in. */
export class UpgradeHandler {
  /** Decides, and counts who is inside: to be told of each client that leaves. */
  readonly admission: Admission;
  readonly #listener: UpgradeListener;
  readonly #handshake: WebSocketServer;
  /** Those whose handshake is just being looked at. */
  readonly #accepted = new Map<
    IncomingMessage,
    { readonly pending: PendingUpgrade; readonly accepted: AcceptedClient }
  >();
  readonly #elsewhere: UpgradeContext["elsewhere"];
  readonly #compress: boolean;
  readonly #clock: Clock;

  constructor(options: GatekeeperOptions, listener: UpgradeListener, context: UpgradeContext) {
    const { clock, elsewhere, compress = false } = context;
    this.#compress = compress;
    this.#clock = clock;
    this.#elsewhere = elsewhere;
    this.#handshake = createHandshake(elsewhere && ((request, goOn) => this.#checked(request, goOn)));
    this.admission = new Admission(options, context);
    this.#listener = listener;
    this.#handshake.on("wsClientError", (error, socket, request) => {
      this.#refuse(
        socket,
        this.admission.addressOf(request),
        new Refusal(400, sentence("admission.handshake", { problem: error.message })),
      );
    });
  }

  /** Decides at once, or within the next turns of the event loop if there is much to decide. Never throws. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // While it is still connected.
    const pending = { request, socket, head, address: this.admission.addressOf(request) };
    const latest = this.#clock.now() + MAX_WAIT_MS;
    TURNS.do({
      step: () => {
        if (socket.destroyed) return false;
        if (this.#clock.now() <= latest) this.#decide(pending);
        else this.#refuse(socket, pending.address, new Refusal(503, BUSY, { headers: RETRY_SOON }));
        return false;
      },
    });
  }

  #decide(pending: PendingUpgrade): void {
    const { request, address } = pending;
    try {
      const claim = this.admission.claim(request, address);
      const { verdict } = claim;
      if (verdict instanceof Promise) {
        this.#letInLater(pending, claim, verdict).catch((error) => this.#fail(pending, error));
      } else {
        this.#letIn(pending, this.admission.grant(claim, verdict));
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
    const address = this.admission.addressOf(request);
    return new Promise((resolve, reject) => {
      TURNS.do({
        step: () => {
          this.admission.explain(request, address).then(resolve, reject);
          return false;
        },
      });
    });
  }

  /** Why a request may not read the metrics of the server; `undefined`: it may. Rejects only for an error of our own. */
  async scrapeRefusal(request: IncomingMessage): Promise<Refusal | undefined> {
    const address = this.admission.addressOf(request);
    const refusal = await this.admission.scrapeRefusal(request, address);
    if (refusal !== undefined) this.#listener.refused(address, refusal);
    return refusal;
  }

  /** Keeps the client's place while it is being checked. */
  async #letInLater(pending: PendingUpgrade, claim: Claim, verdict: Promise<Verdict>): Promise<void> {
    const giveUpPlace = this.admission.keepPlace(pending.address);
    let settled: Verdict;
    try {
      settled = await verdict;
    } finally {
      giveUpPlace();
    }
    if (pending.socket.destroyed) return;
    this.admission.checkOpen();
    this.#letIn(pending, this.admission.grant(claim, settled));
  }

  #letIn(pending: PendingUpgrade, accepted: AcceptedClient): void {
    const { request, socket, head } = pending;
    limitExtensions(request, this.#compress);
    this.#accepted.set(request, { pending, accepted });
    try {
      this.#handshake.handleUpgrade(request, socket, head, (ws) => {
        this.admission.enter(accepted);
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
    this.admission.enter(accepted);
    const isTaken = this.#elsewhere?.({
      request,
      socket: socket as Socket,
      head,
      accepted,
      goOn: () => {
        this.admission.leave(accepted);
        goOn();
      },
      refuse: (refusal) => {
        this.admission.leave(accepted);
        this.#refuse(socket, address, refusal);
      },
    });
    if (isTaken) return;
    this.admission.leave(accepted);
    goOn();
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
