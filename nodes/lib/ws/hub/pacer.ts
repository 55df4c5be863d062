import type { Clock } from "../../time/clock";

/** A slice of a pass ends after so long, so that the rest of Node-RED gets its turn. */
export const SLICE_MS = 4;
/** A short pass is followed by so many times its length of rest: what arrives meanwhile goes out in one write. */
const SHORT_PASS_REST = 40;
/** But not by more than this. A pass after a longer silence starts at once. */
const SHORT_PASS_REST_MAX_MS = 5;
/** Reading the clock costs more than a short step that has nothing to do. */
const SHORT_STEPS_PER_CLOCK_READ = 8;

/** What a step was: of some microseconds, of up to a millisecond, or none, as the pass is done. */
export type Step = "short" | "long" | "done";

/** Work that comes in passes of many small steps. Neither method throws. */
export interface PacedWork {
  begin(): void;
  step(): Step;
}

/**
 * Runs passes in slices, and after a pass that took W ms none for at least another W ms, so that they take at most half
 * of the event loop. With nothing run lately a pass starts in this very turn of the loop.
 */
export class Pacer {
  readonly #work: PacedWork;
  readonly #clock: Clock;
  #cancel: (() => void) | undefined;
  #isRunning = false;
  #isRequested = false;
  #spentMs = 0;
  #notBefore = 0;

  constructor(work: PacedWork, clock: Clock) {
    this.#work = work;
    this.#clock = clock;
  }

  /** Asks for a pass. Cheap when one is already on its way; during a pass, another follows. */
  request(): void {
    if (this.#isRequested) return;
    this.#isRequested = true;
    if (!this.#isRunning) this.#schedule();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#isRequested = true;
  }

  #schedule(): void {
    const pauseMs = this.#notBefore - this.#clock.now();
    this.#cancel =
      pauseMs <= 0
        ? this.#clock.immediate(() => this.#begin())
        : this.#clock.timeout(() => this.#begin(), Math.ceil(pauseMs));
  }

  #begin(): void {
    this.#isRequested = false;
    this.#isRunning = true;
    this.#spentMs = 0;
    this.#work.begin();
    this.#slice();
  }

  #slice(): void {
    const start = this.#clock.now();
    let unread = 0;
    for (let step = this.#work.step(); step !== "done"; step = this.#work.step()) {
      if (step === "short" && ++unread < SHORT_STEPS_PER_CLOCK_READ) continue;
      unread = 0;
      if (this.#clock.now() - start < SLICE_MS) continue;
      this.#spentMs += this.#clock.now() - start;
      this.#cancel = this.#clock.immediate(() => this.#slice());
      return;
    }
    const end = this.#clock.now();
    this.#spentMs += end - start;
    this.#notBefore = end + Math.max(this.#spentMs, Math.min(this.#spentMs * SHORT_PASS_REST, SHORT_PASS_REST_MAX_MS));
    this.#isRunning = false;
    this.#cancel = undefined;
    if (this.#isRequested) this.#schedule();
  }
}
