import type { Clock } from "../time/clock";
import { SendError } from "./errors";

const INTERVAL_MS = 10_000;

/**
 * Reports messages that could not be handed on: the first one at once, then their number every ten seconds. A node behind
 * this one that throws does so for every reading.
 */
export class SendFailures {
  readonly #report: (error: SendError) => void;
  readonly #clock: Clock;
  #last: unknown;
  #unreported = 0;
  #cancel: (() => void) | undefined;

  constructor(report: (error: SendError) => void, clock: Clock) {
    this.#report = report;
    this.#clock = clock;
  }

  add(cause: unknown): void {
    if (this.#cancel === undefined) {
      this.#report(new SendError(cause));
      this.#wait();
      return;
    }
    this.#last = cause;
    this.#unreported++;
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #wait(): void {
    this.#cancel = this.#clock.timeout(() => {
      this.#cancel = undefined;
      if (this.#unreported === 0) return;
      this.#report(new SendError(this.#last, this.#unreported - 1));
      this.#unreported = 0;
      this.#wait();
    }, INTERVAL_MS);
  }
}
