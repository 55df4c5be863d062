import type { Clock } from "../../time/clock";

/** Told of a pass that is through: how long it took, and since when there had been something to send, both in ms. */
export type OnPass = (durationMs: number, waitedMs: number) => void;

/** Times passes, for whoever wants to know. */
export class PassTimer {
  readonly #clock: Clock;
  readonly #onPass: OnPass;
  #wantedAt: number | undefined;
  #servedSince = 0;
  #begunAt = 0;

  constructor(clock: Clock, onPass: OnPass) {
    this.#clock = clock;
    this.#onPass = onPass;
  }

  /** There is something to send. */
  wanted(): void {
    this.#wantedAt ??= this.#clock.now();
  }

  begun(): void {
    this.#begunAt = this.#clock.now();
    this.#servedSince = this.#wantedAt ?? this.#begunAt;
    this.#wantedAt = undefined;
  }

  ended(): void {
    const now = this.#clock.now();
    this.#onPass(now - this.#begunAt, now - this.#servedSince);
  }
}
