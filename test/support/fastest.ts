const ROUNDS = 5;

/** How long something takes at its fastest, in ms: a bound on time is a ratio to something else that is measured beside it. */
export function fastest(run: () => unknown): number {
  let fastestMs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const begin = performance.now();
    run();
    fastestMs = Math.min(fastestMs, performance.now() - begin);
  }
  return fastestMs;
}
