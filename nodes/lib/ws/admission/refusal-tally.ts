import { RefusalHistory } from "../../live/refusal-history";
import { inEnglish, type MessageKey, type Sentence, sentence } from "../../text/sentence";
import type { Clock } from "../../time/clock";
import type { Refusal } from "./refusal";

/** A refused client may come back at any rate; no more of its refusals than this are reported. */
const REPORTED_PER_SECOND = 10;
/** So long nothing more is logged of a kind of refusal. There are some forty kinds. */
const QUIET_MS = 600_000;

export interface RefusalListener {
  /** Told of some refusals only, when there are many. */
  report(address: string, refusal: Refusal): void;
  /** Given a line for the log now and then. */
  log(line: Sentence): void;
}

interface Kind {
  loggedAt: number;
  unlogged: number;
}

/** Everyday business, of which nobody needs to read in the log: these clients come back by themselves. */
const UNREMARKABLE: ReadonlySet<MessageKey> = new Set(["admission.restarting", "admission.access-changed"]);

/** What would let in who was refused, where the reason itself does not say. */
const REMEDIES: Partial<Record<MessageKey, MessageKey>> = {
  "access.token-needed": "admission.allow-token",
  "access.token-unknown": "admission.allow-token",
  "access.token-expired": "admission.allow-expiry",
  "admission.address-not-allowed": "admission.allow-address",
  "admission.full": "admission.allow-clients",
  "admission.origin-missing": "admission.allow-programs",
  "admission.too-many-attempts": "admission.allow-attempts",
  "admission.too-many-clients": "admission.allow-clients-per-address",
  "admission.topics-not-granted": "admission.allow-topics",
};

/** Counts refusals, and tells of them as often as is of use: of the first of each kind always. */
export class RefusalTally {
  /** Of the last hour, for the editor to show. */
  readonly history: RefusalHistory;
  readonly #listener: RefusalListener;
  readonly #clock: Clock;
  readonly #byStatus = new Map<number, number>();
  /** By the reason. */
  readonly #kinds = new Map<MessageKey, Kind>();
  #total = 0;
  #second = 0;
  #reportedThisSecond = 0;

  constructor(listener: RefusalListener, clock: Clock) {
    this.#listener = listener;
    this.#clock = clock;
    this.history = new RefusalHistory(clock);
  }

  get total(): number {
    return this.#total;
  }

  /** By HTTP status. */
  get byStatus(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#byStatus);
  }

  /** @param address of the client */
  add(address: string, refusal: Refusal): void {
    this.#total++;
    const { status, reported } = refusal;
    this.history.add({ status, sentence: reported, message: inEnglish(reported) }, address);
    this.#byStatus.set(refusal.status, (this.#byStatus.get(refusal.status) ?? 0) + 1);
    const now = this.#clock.now();
    this.#log(address, refusal, now);
    const second = Math.floor(now / 1000);
    if (second !== this.#second) this.#reportedThisSecond = 0;
    this.#second = second;
    if (++this.#reportedThisSecond <= REPORTED_PER_SECOND) this.#listener.report(address, refusal);
  }

  #log(address: string, { status, reported: reason }: Refusal, now: number): void {
    if (UNREMARKABLE.has(reason.key)) return;
    const kind = this.#kinds.get(reason.key);
    if (kind !== undefined && now - kind.loggedAt < QUIET_MS) {
      kind.unlogged++;
      return;
    }
    this.#kinds.set(reason.key, { loggedAt: now, unlogged: 0 });
    const remedy = REMEDIES[reason.key];
    const values = { address, status, reason };
    const line =
      remedy === undefined
        ? sentence("admission.refused", values)
        : sentence("admission.refused-remedy", { ...values, remedy: sentence(remedy) });
    const others = kind?.unlogged ?? 0;
    this.#listener.log(others === 0 ? line : sentence("admission.refused-others", { refused: line, others }));
  }
}
