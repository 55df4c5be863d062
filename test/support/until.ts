import { setTimeout } from "node:timers/promises";

/** Waits for something that has no event, polling. Fails with the given sentence. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  otherwise: string,
  timeoutMs = 5000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(otherwise);
    await setTimeout(5);
  }
}
