import { performance } from "node:perf_hooks";
import { type Clock, systemClock } from "./clock";

/** A clock that also knows how busy the event loop is. */
export interface LoopClock extends Clock {
  /** Milliseconds that the event loop has waited for something to happen, since some moment. */
  idleMs(): number;
}

export const systemLoopClock: LoopClock = { ...systemClock, idleMs: () => performance.eventLoopUtilization().idle };
