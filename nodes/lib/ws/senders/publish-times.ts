/** So far apart, in ms, are the times that are remembered while there are few. */
const SPACING_MS = 10;
const MAX_REMEMBERED = 4096;

/**
 * When readings were published, roughly: the log does not say. The longer ago, the rougher, for what is remembered is bounded.
 */
export class PublishTimes {
  #seqs: number[] = [];
  #times: number[] = [];

  /** @param head sequence number of the next reading @param now in ms of the hub's clock */
  note(head: number, now: number): void {
    const last = this.#seqs.length - 1;
    if (last >= 0 && (head === this.#seqs[last] || now - (this.#times[last] as number) < SPACING_MS)) return;
    this.#seqs.push(head);
    this.#times.push(now);
    if (this.#seqs.length <= MAX_REMEMBERED) return;
    this.#seqs = this.#seqs.filter((_, index) => index % 2 === 0);
    this.#times = this.#times.filter((_, index) => index % 2 === 0);
  }

  /** When a reading was published, as far as is known; at the latest now. */
  of(seq: number, now: number): number {
    let low = 0;
    let high = this.#seqs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#seqs[middle] as number) <= seq) low = middle + 1;
      else high = middle;
    }
    // Noted when the one before it was there already: it came afterwards.
    return this.#times[low] ?? now;
  }
}
