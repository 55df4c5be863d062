/** A rate is that of the last one to two of these, so that something heard every few seconds does not flicker. */
const WINDOW_MS = 5000;

/** A count that grows, and the rate at which it does, as seen by whoever asks about once a second. */
export class RateWindow {
  count: number;
  #previousCount: number;
  #previousAt: number;
  #currentCount: number;
  #currentAt: number;

  /**
   * @param now in ms
   * @param count so far
   */
  constructor(now: number, count = 0) {
    this.count = count;
    this.#previousCount = count;
    this.#currentCount = count;
    this.#previousAt = now;
    this.#currentAt = now;
  }

  /** Per second, over the last 5 to 10 s; when nobody has asked for long, since then. */
  perSecond(now: number): number {
    if (now - this.#currentAt >= WINDOW_MS) {
      this.#previousCount = this.#currentCount;
      this.#previousAt = this.#currentAt;
      this.#currentCount = this.count;
      this.#currentAt = now;
    }
    return ((this.count - this.#previousCount) * 1000) / Math.max(now - this.#previousAt, 1000);
  }
}
