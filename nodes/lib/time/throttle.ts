import { type Clock, systemClock } from "./clock";

/** Runs something soon after it is asked for, but at most once per interval, and always once after the last request. */
export class Throttle {
  #cancel: (() => void) | undefined;
  #asked = false;

  readonly #intervalMs: number;
  readonly #run: () => void;
  readonly #clock: Clock;

  constructor(intervalMs: number, run: () => void, clock: Clock = systemClock) {
    this.#intervalMs = intervalMs;
    this.#run = run;
    this.#clock = clock;
  }

  request(): void {
    if (this.#cancel !== undefined) {
      this.#asked = true;
      return;
    }
    this.#run();
    this.#cancel = this.#clock.timeout(() => {
      this.#cancel = undefined;
      if (!this.#asked) return;
      this.#asked = false;
      this.request();
    }, this.#intervalMs);
  }

  stop(): void {
    this.#cancel?.();
    this.#asked = false;
    this.#cancel = undefined;
  }
}
