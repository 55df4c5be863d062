import type { LoopClock } from "../../time/loop-clock";
import { LoopLoad } from "./loop-load";

/** A slice of a pass ends after so long, so that the rest of Node-RED gets its turn. */
export const SLICE_MS = 4;
/** On a full event loop a short pass rests for so many times its length: what arrives meanwhile goes out in one write. */
const SHORT_PASS_REST = 40;
/** But not for more than this. */
const SHORT_PASS_REST_MAX_MS = 5;
/**
 * On a full event loop a longer pass rests for as long as it took, but not for more than this unless others need it. With 1000 clients
 * × 1000 readings/s, where passes take 15 ms, less rest took up to a fifth more of the processor and had latencies no lower; with
 * 10 000 × 100/s, where they take 200 ms, resting for a fifth of that had p99 at 380 ms in place of 550.
 */
const LONG_PASS_REST_MAX_MS = 20;
/** Reading the clock costs more than a short step that has nothing to do. */
const SHORT_STEPS_PER_CLOCK_READ = 8;

/**
 * What a step was: of next to nothing; the same, since it could not be done; of some microseconds; of up to a millisecond; the
 * same, and nobody else is to wait for it, since that work sees to its own rests; or none, as the pass is done.
 */
export type Step = "idle" | "blocked" | "short" | "long" | "aside" | "done";

/** Work that comes in passes of many small steps. None of its methods throws. */
export interface PacedWork {
  /** @returns how many steps it would have taken to do every piece of work by itself, as it came, if none were blocked */
  begin(): number;
  /** Others had their turn: the pass goes on, and may take in what has come meanwhile. */
  resume(): void;
  step(): Step;
}

/**
 * Runs passes in slices. While the event loop has slack, a pass starts in the very turn of the loop in which it is asked for,
 * however long passes take. As the loop fills, they rest, and what arrives meanwhile goes out together. On a full loop that
 * others need, none starts for W ms after one that took W ms, so that passes take at most half of it.
 */
export class Pacer {
  readonly #work: PacedWork;
  readonly #clock: LoopClock;
  readonly #load: LoopLoad;
  #cancel: (() => void) | undefined;
  #isRunning = false;
  #isRequested = false;
  #spentMs = 0;
  /** Of those, in steps "aside". */
  #asideMs = 0;
  #steps = 0;
  #idleSteps = 0;
  #blockedSteps = 0;
  #stepsAlone = 0;
  #notBefore = 0;

  constructor(work: PacedWork, clock: LoopClock) {
    this.#work = work;
    this.#clock = clock;
    this.#load = new LoopLoad(clock);
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
    this.#asideMs = 0;
    this.#steps = this.#idleSteps = this.#blockedSteps = 0;
    this.#stepsAlone = this.#work.begin();
    this.#slice();
  }

  #resume(): void {
    this.#work.resume();
    this.#slice();
  }

  #slice(): void {
    const start = this.#clock.now();
    let read = start;
    let unread = 0;
    for (let step = this.#work.step(); step !== "done"; step = this.#work.step()) {
      if (step === "idle") this.#idleSteps++;
      else if (step === "blocked") this.#blockedSteps++;
      else this.#steps++;
      if (step !== "long" && step !== "aside" && ++unread < SHORT_STEPS_PER_CLOCK_READ) continue;
      unread = 0;
      const now = this.#clock.now();
      if (step === "aside") this.#asideMs += now - read;
      read = now;
      if (now - start < SLICE_MS) continue;
      this.#spentMs += now - start;
      this.#cancel = this.#clock.immediate(() => this.#resume());
      return;
    }
    const end = this.#clock.now();
    this.#spentMs += end - start;
    const spentMs = this.#spentMs - this.#asideMs;
    this.#load.add({ spentMs, asideMs: this.#asideMs, steps: this.#steps, stepsAlone: this.#possibleStepsAlone });
    this.#notBefore = end + restAfter(spentMs, this.#load);
    this.#isRunning = false;
    this.#cancel = undefined;
    if (this.#isRequested) this.#schedule();
  }

  /** Without those of whoever is blocked: that one would be no less so. */
  get #possibleStepsAlone(): number {
    const visits = this.#steps + this.#idleSteps + this.#blockedSteps;
    return this.#blockedSteps === 0 ? this.#stepsAlone : this.#stepsAlone * (1 - this.#blockedSteps / visits);
  }
}

function restAfter(spentMs: number, { fullness, restPerMs }: LoopLoad): number {
  const shortMs = Math.min(spentMs * SHORT_PASS_REST, SHORT_PASS_REST_MAX_MS);
  const longMs = Math.min(spentMs, Math.max(LONG_PASS_REST_MAX_MS, spentMs * restPerMs));
  return fullness * Math.max(shortMs, longMs);
}
