import { type Clock, systemClock } from "../../time/clock";

/** Pings are spread over an interval in so many slices, so that no tick of the event loop has to write to every client. */
const SLICES = 32;

/** One end of a connection that can be asked whether it is alive. */
export interface Pingable {
  /**
   * Pings the peer.
   * @returns false when nothing was heard of it since the ping before
   */
  ping(): boolean;
  terminate(): void;
}

/**
 * Pings every member once per interval, with one timer for all of them, and terminates a member that gives no sign of
 * life until its next turn: silent for more than one interval, and never for more than two.
 */
export class Heartbeat {
  readonly #slices = Array.from({ length: SLICES }, () => new Set<Pingable>());
  readonly #intervalMs: number;
  readonly #clock: Clock;
  #joined = 0;
  #turn = 0;
  #cancel: () => void;

  constructor(intervalMs: number, clock: Clock = systemClock) {
    this.#intervalMs = intervalMs;
    this.#clock = clock;
    this.#cancel = this.#schedule();
  }

  add(member: Pingable): void {
    this.#slices[this.#joined++ % SLICES]?.add(member);
  }

  /** To look through the slices costs a microsecond, once; to remember its slice, each member a hundred bytes. */
  remove(member: Pingable): void {
    for (const slice of this.#slices) if (slice.delete(member)) return;
  }

  stop(): void {
    this.#cancel();
  }

  #schedule(): () => void {
    return this.#clock.timeout(() => this.#tick(), this.#intervalMs / SLICES);
  }

  #tick(): void {
    const slice = this.#slices[this.#turn++ % SLICES] ?? [];
    for (const member of slice) {
      if (!member.ping()) member.terminate();
    }
    this.#cancel = this.#schedule();
  }
}
