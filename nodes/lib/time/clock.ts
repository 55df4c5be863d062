/** Time and deferral, injected so that tests decide when things happen. Every deferral returns what cancels it. */
export interface Clock {
  /** Monotonic milliseconds. */
  now(): number;
  /** Milliseconds since the epoch. */
  wallTime(): number;
  /** After the I/O of this turn of the event loop. */
  immediate(run: () => void): () => void;
  timeout(run: () => void, ms: number): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  immediate(run) {
    const handle = setImmediate(run);
    return () => clearImmediate(handle);
  },
  timeout(run, ms) {
    const handle = setTimeout(run, ms);
    return () => clearTimeout(handle);
  },
};
