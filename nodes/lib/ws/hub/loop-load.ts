import type { LoopClock } from "../../time/loop-clock";

/** Less says more of single events than of the load: a collection of garbage takes some milliseconds. */
const WINDOW_MS = 50;
/**
 * Up to here nothing rests. With 100 clients × 300 readings/s the load is 0.35 on a quiet core and 0.5 on one that others use as much;
 * with 1000 × 50/s it is 0.55 to 0.65: there, resting from 0.5 on had half of the readings wait for 12 ms or more, not resting for
 * 9, as the core nodes. With 10 × 30 000/s, where resting for 5 ms makes 200 passes of thousands, it is 3.
 */
const SLACK_UP_TO = 0.75;
/** Others are left room for so many times what they take, as long as that is less than half of the loop. */
const ROOM_FOR_OTHERS = 2;

/** What a pass came to. */
export interface PassCost {
  readonly spentMs: number;
  /** Besides, in steps that give way to all others. */
  readonly asideMs: number;
  readonly steps: number;
  /** Those it would have taken to hand out each reading by itself. */
  readonly stepsAlone: number;
}

/**
 * How full the event loop would be if no reading waited for others to go with: the time that goes into other things, and what
 * passes would take if each reading had one of its own. Unlike the utilisation of the loop this does not depend on how long
 * passes rest, so that rests which follow it do not swing.
 */
export class LoopLoad {
  readonly #clock: LoopClock;
  #beganAt: number;
  #idleMs: number;
  #spentMs = 0;
  #asideMs = 0;
  #steps = 0;
  #stepsAlone = 0;
  #fullness = 0;
  #othersShare = 0;

  constructor(clock: LoopClock) {
    this.#clock = clock;
    this.#beganAt = clock.now();
    this.#idleMs = clock.idleMs();
  }

  /** From 0, there is slack, to 1, there is none; of the last window. */
  get fullness(): number {
    return this.#fullness;
  }

  /** How long passes have to rest for each ms that they take, for others to have room. At most 1: then those have half of the loop. */
  get restPerMs(): number {
    const room = Math.min(ROOM_FOR_OTHERS * this.#othersShare, 1 / 2);
    return room / (1 - room);
  }

  /** To be told of every pass as it ends. */
  add({ spentMs, asideMs, steps, stepsAlone }: PassCost): void {
    this.#spentMs += spentMs;
    this.#asideMs += asideMs;
    this.#steps += steps;
    this.#stepsAlone += stepsAlone;
    const now = this.#clock.now();
    const windowMs = now - this.#beganAt;
    if (windowMs >= WINDOW_MS) this.#endWindow(now, windowMs);
  }

  #endWindow(now: number, windowMs: number): void {
    const idleMs = this.#clock.idleMs();
    const otherMs = windowMs - (idleMs - this.#idleMs) - this.#spentMs - this.#asideMs;
    const aloneMs = this.#steps === 0 ? 0 : this.#spentMs * Math.max(1, this.#stepsAlone / this.#steps);
    const load = (otherMs + aloneMs) / windowMs;
    this.#othersShare = Math.max(0, otherMs / windowMs);
    this.#fullness = Math.min(1, Math.max(0, (load - SLACK_UP_TO) / (1 - SLACK_UP_TO)));
    this.#beganAt = now;
    this.#idleMs = idleMs;
    this.#spentMs = this.#asideMs = this.#steps = this.#stepsAlone = 0;
  }
}
