const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;

/** How long to wait before the next attempt: 250 ms, doubled after each failure, up to 10 s. */
export class Backoff {
  #nextMs = FIRST_RETRY_MS;

  next(): number {
    const delay = this.#nextMs;
    this.#nextMs = Math.min(delay * 2, LAST_RETRY_MS);
    return delay;
  }

  reset(): void {
    this.#nextMs = FIRST_RETRY_MS;
  }
}
