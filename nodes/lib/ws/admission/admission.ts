import type { IncomingMessage } from "node:http";
import type { AccessControl, Verdict } from "../../access/access-control";
import { type Grant, isDenial, mayReadMetrics } from "../../access/grant";
import { overlaps } from "../../mqtt/filter-overlap";
import { addressBlock } from "../../net/ip-address";
import { sentence } from "../../text/sentence";
import type { Clock } from "../../time/clock";
import type { Subscription } from "../hub/subscription";
import { FilterBudget, type FilterOwner } from "./filter-budget";
import { Gatekeeper, type GatekeeperOptions } from "./gatekeeper";
import { Refusal } from "./refusal";
import type { UpgradeGuard } from "./upgrade-guard";

const RETRY_SOON = { "Retry-After": "1" };

/** A client that was let in. */
export interface AcceptedClient {
  readonly address: string;
  readonly subscription: Subscription;
  /** `undefined`: nobody needs one. */
  readonly grant: Grant | undefined;
}

/** What a request asks for, and what is said of its token. */
export interface Claim {
  readonly address: string;
  readonly subscription: Subscription;
  readonly verdict: Verdict | Promise<Verdict>;
}

export interface AdmissionContext {
  readonly access: AccessControl;
  /** Asked besides; default: nobody. */
  readonly guard?: UpgradeGuard | undefined;
  readonly clock: Clock;
  /** What the server holds may rule out what a client asks for. @throws {Refusal} */
  check?(subscription: Subscription): void;
}

/** Decides who may come in, and counts who is inside. Knows requests, but neither sockets nor handshakes. */
export class Admission {
  /** May be replaced at any time; who is inside stays there. */
  access: AccessControl;
  readonly #gatekeeper: Gatekeeper;
  readonly #filters = new FilterBudget();
  readonly #guard: UpgradeGuard | undefined;
  readonly #check: AdmissionContext["check"];
  #isClosed = false;

  constructor(options: GatekeeperOptions, { access, clock, guard, check }: AdmissionContext) {
    this.access = access;
    this.#gatekeeper = new Gatekeeper(options, clock);
    this.#guard = guard;
    this.#check = check;
  }

  /** Of the client, behind whatever proxies; empty when it is already gone. */
  addressOf(request: IncomingMessage): string {
    return this.#gatekeeper.addressOf(request);
  }

  /** What an upgrade request asks for. It counts as an attempt to connect. @throws {Refusal} */
  claim(request: IncomingMessage, address: string): Claim {
    this.checkOpen();
    const { subscription, token } = this.#gatekeeper.admit(request, address, !this.access.isOpen);
    return { address, subscription, verdict: this.#verdict(request, address, token) };
  }

  /**
   * What a WebSocket for the address of a plain request would be told; 426 if it would be let in. Nobody's place is taken.
   * Rejects only for an error of our own.
   */
  async explain(request: IncomingMessage, address: string): Promise<Refusal> {
    try {
      this.checkOpen();
      const { subscription, token } = this.#gatekeeper.consider(request, address, !this.access.isOpen);
      this.grant({ address, subscription }, await this.#verdict(request, address, token));
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
    return new Refusal(426, sentence("admission.only-websocket"), { headers: { Upgrade: "websocket" } });
  }

  /** Why a request may not read the metrics of the server; `undefined`: it may. Rejects only for an error of our own. */
  async scrapeRefusal(request: IncomingMessage, address: string): Promise<Refusal | undefined> {
    try {
      const token = this.#gatekeeper.considerScrape(request, address, !this.access.isOpen);
      const grant = granted(await this.#verdict(request, address, token));
      if (grant !== undefined && !mayReadMetrics(grant)) throw new Refusal(403, sentence("admission.metrics-token"));
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
    return undefined;
  }

  /** The client as it is to be let in. @throws {Refusal} */
  grant({ address, subscription: asked }: Pick<Claim, "address" | "subscription">, verdict: Verdict): AcceptedClient {
    const grant = granted(verdict);
    if (!this.access.holds(grant))
      throw new Refusal(503, sentence("admission.access-changed"), { headers: RETRY_SOON });
    const accepted = { address, subscription: limited(asked, grant), grant };
    this.#check?.(accepted.subscription);
    const excess = this.#filters.excess(ownerOf(accepted), accepted.subscription);
    if (excess === "owner") throw new Refusal(429, sentence("admission.too-many-own-filters"));
    if (excess === "all") throw new Refusal(503, sentence("admission.too-many-filters-in-use"));
    return accepted;
  }

  /** @throws {Refusal} 503 once it was closed */
  checkOpen(): void {
    if (this.#isClosed) throw new Refusal(503, sentence("admission.restarting"), { headers: RETRY_SOON });
  }

  /** Keeps a place for a client that is still being checked. @returns gives it up */
  keepPlace(address: string): () => void {
    this.#gatekeeper.enter(address);
    return () => this.#gatekeeper.leave(address);
  }

  enter(accepted: AcceptedClient): void {
    this.#gatekeeper.enter(accepted.address);
    this.#filters.add(ownerOf(accepted), accepted.subscription);
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
  #verdict(request: IncomingMessage, address: string, token: string | undefined): Verdict | Promise<Verdict> {
    const verdict = this.access.verdict(token);
    if (this.#guard === undefined) return verdict;
    return Promise.all([this.#guard(request, address), verdict]).then(([refusal, settled]) => {
      if (refusal !== undefined) throw refusal;
      return settled;
    });
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
