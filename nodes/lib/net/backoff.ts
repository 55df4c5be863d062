/** How long to wait before the next attempt: a first delay, doubled after each failure up to a last one. */
export class Backoff {
  readonly #firstMs: number;
  readonly #lastMs: number;
  #nextMs: number;

  constructor({ firstMs = 250, lastMs = 10_000 }: { readonly firstMs?: number; readonly lastMs?: number } = {}) {
    this.#firstMs = firstMs;
    this.#lastMs = lastMs;
    this.#nextMs = firstMs;
  }

  /** In ms. */
  next(): number {
    const delay = this.#nextMs;
    this.#nextMs = Math.min(delay * 2, this.#lastMs);
    return delay;
  }

  reset(): void {
    this.#nextMs = this.#firstMs;
  }
}
