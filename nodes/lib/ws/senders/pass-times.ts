import type { OnPass } from "../hub/pass-timer";

/** One pass of a sender, as `OnPass` is told of it, both in ms. */
export type PassTime = readonly [durationMs: number, waitedMs: number];

/** So that not every pass is a message. */
const TOLD_AT_ONCE = 200;

/** Collects how long the passes of a sender take, to be told to main in portions. */
export class PassTimes {
  readonly #tell: (times: readonly PassTime[]) => void;
  #times: PassTime[] = [];

  constructor(tell: (times: readonly PassTime[]) => void) {
    this.#tell = tell;
  }

  readonly passed: OnPass = (durationMs, waitedMs) => {
    this.#times.push([durationMs, waitedMs]);
    if (this.#times.length >= TOLD_AT_ONCE) this.flush();
  };

  /** Tells what has not been told yet. */
  flush(): void {
    if (this.#times.length === 0) return;
    const times = this.#times;
    this.#times = [];
    this.#tell(times);
  }
}
