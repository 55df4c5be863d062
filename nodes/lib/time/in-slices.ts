import { setImmediate } from "node:timers/promises";

/** Longest stretch of work before the event loop gets a turn. */
const SLICE_MS = 5;

/** Does something with each of many, with turns of the event loop in between. */
export async function inSlices<T>(items: readonly T[], work: (item: T) => void): Promise<void> {
  let sliceEnd = performance.now() + SLICE_MS;
  for (const item of items) {
    work(item);
    if (performance.now() < sliceEnd) continue;
    await setImmediate();
    sliceEnd = performance.now() + SLICE_MS;
  }
}
