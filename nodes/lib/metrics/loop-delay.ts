import type { Clock } from "../time/clock";

const INTERVAL_MS = 100;
/** A computer that was asleep was not busy, and a clock that jumped not late. */
const MAX_MISSED = 600;

/**
 * Measures how long something that is due waits for the event loop, at regular times. What a blocked loop keeps from being
 * measured is made up for: had the times not been missed, they would have waited that much less each (as HdrHistogram
 * corrects for "coordinated omission").
 *
 * @param delayed is given the delays, in ms
 * @returns stops it
 */
export function measureLoopDelay(delayed: (ms: number) => void, clock: Clock): () => void {
  let cancel: () => void;
  const wait = (dueAt: number): void => {
    cancel = clock.timeout(() => {
      const now = clock.now();
      const late = Math.max(now - dueAt, 0);
      for (let missed = 0; missed * INTERVAL_MS <= late && missed < MAX_MISSED; missed++) {
        delayed(late - missed * INTERVAL_MS);
      }
      wait(now + INTERVAL_MS);
    }, dueAt - clock.now());
  };
  wait(clock.now() + INTERVAL_MS);
  return () => cancel();
}
