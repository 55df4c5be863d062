import { type Clock, systemClock } from "./clock";

/** Timers cannot run longer than 2^31 ms; and the wall clock may be set while one runs. */
const MAX_WAIT_MS = 3_600_000;

/**
 * Runs something at a time of the wall clock, however far away; soon, if that time has passed. A clock that is set forward
 * is noticed within the hour.
 * @param time milliseconds since the epoch
 * @returns cancels it
 */
export function runAt(time: number, run: () => void, clock: Clock = systemClock): () => void {
  let cancel = wait();
  return () => cancel();

  function wait(): () => void {
    return clock.timeout(check, Math.min(Math.max(0, time - clock.wallTime()), MAX_WAIT_MS));
  }

  function check(): void {
    if (clock.wallTime() >= time) run();
    else cancel = wait();
  }
}
