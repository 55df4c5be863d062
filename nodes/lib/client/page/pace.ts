/** Lets work that takes its time be done again only after so long that it takes no more than its share. */
export class Pace {
  readonly #share: number;
  readonly #now: () => number;
  #dueAt = Number.NEGATIVE_INFINITY;

  /** @param share of all time, more than 0 and at most 1 */
  constructor(share: number, now = () => performance.now()) {
    this.#share = share;
    this.#now = now;
  }

  get isDue(): boolean {
    return this.#now() >= this.#dueAt;
  }

  measure(work: () => void): void {
    const start = this.#now();
    work();
    const end = this.#now();
    this.#dueAt = end + (end - start) * (1 / this.#share - 1);
  }
}
