import { type Sentence, sentence } from "../../text/sentence";
import type { Clock } from "../../time/clock";
import type { RejectReason } from "./rejection";

const INTERVAL_MS = 1000;

/** As much of a rejected datagram as a line tells. */
export interface Rejected {
  readonly ip: string;
  readonly port: number;
  readonly reason: RejectReason;
  readonly error: Sentence;
}

/** At most one line a second about rejected datagrams, however many there are. None is left out of the counts. */
export class RejectLog {
  readonly #write: (line: Sentence) => void;
  readonly #clock: Clock;
  readonly #counts = new Map<RejectReason, number>();
  #last: Rejected | undefined;
  #cancel: (() => void) | undefined;

  constructor(write: (line: Sentence) => void, clock: Clock) {
    this.#write = write;
    this.#clock = clock;
  }

  add(rejected: Rejected): void {
    this.#counts.set(rejected.reason, (this.#counts.get(rejected.reason) ?? 0) + 1);
    this.#last = rejected;
    if (this.#cancel === undefined) this.#flush();
  }

  /** Writes what is not written yet. */
  stop(): void {
    this.#cancel?.();
    this.#writeLine();
    this.#cancel = undefined;
  }

  #flush(): void {
    this.#cancel = this.#writeLine() ? this.#clock.timeout(() => this.#flush(), INTERVAL_MS) : undefined;
  }

  #writeLine(): boolean {
    const last = this.#last;
    if (last === undefined) return false;
    const counts = Array.from(this.#counts, ([reason, count]) => `${reason} ${count}`).join(", ");
    const { ip, port, error } = last;
    this.#counts.clear();
    this.#last = undefined;
    this.#write(sentence("udp.rejected", { counts, ip, port, error }));
    return true;
  }
}
