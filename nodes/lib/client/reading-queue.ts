import type { Reading } from "./reading";

/**
 * What waits for a consumer that takes readings at its own pace. When there is no more room, readings give way: with
 * `latest`, first those that a newer one of their topic supersedes; then, or else, the oldest.
 */
export class ReadingQueue {
  readonly #limit: number;
  readonly #keepsLatest: boolean;
  #readings: Reading[] = [];
  #head = 0;
  #waiting: { resolve(reading: Reading | undefined): void; reject(error: unknown): void }[] = [];
  #end: { readonly error: Error | undefined } | undefined;

  constructor(limit: number, keepsLatest: boolean) {
    this.#limit = limit;
    this.#keepsLatest = keepsLatest;
  }

  get length(): number {
    return this.#readings.length - this.#head;
  }

  /** @returns how many readings gave way */
  push(reading: Reading): number {
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) {
      waiting.resolve(reading);
      return 0;
    }
    this.#readings.push(reading);
    return this.length > this.#limit ? this.#makeRoom() : 0;
  }

  /**
   * The next reading; `undefined` once the feed was closed and nothing is left.
   * Rejects once nothing is left of a feed that ended with an error.
   */
  async next(): Promise<Reading | undefined> {
    const reading = this.#readings[this.#head];
    if (reading !== undefined) {
      this.#head++;
      if (this.#head > 1024 && this.#head * 2 > this.#readings.length) this.#compact();
      return reading;
    }
    if (this.#end?.error !== undefined) throw this.#end.error;
    if (this.#end !== undefined) return undefined;
    return await new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  clear(): void {
    this.#readings = [];
    this.#head = 0;
  }

  /** More may come after all. */
  reopen(): void {
    this.#end = undefined;
  }

  /** Nothing comes any more. */
  end(error?: Error): void {
    this.#end = { error };
    for (const { resolve, reject } of this.#waiting) error === undefined ? resolve(undefined) : reject(error);
    this.#waiting = [];
  }

  #makeRoom(): number {
    this.#compact();
    const before = this.#readings.length;
    if (this.#keepsLatest) this.#readings = newestOfEach(this.#readings);
    // A quarter at once, or every further reading would cost a walk through all.
    const roomy = Math.ceil(this.#limit * 0.75);
    if (this.#readings.length > roomy) this.#readings = this.#readings.slice(-roomy);
    return before - this.#readings.length;
  }

  #compact(): void {
    this.#readings = this.#readings.slice(this.#head);
    this.#head = 0;
  }
}

function newestOfEach(readings: readonly Reading[]): Reading[] {
  const newest = new Map(readings.map((reading) => [reading.topic, reading]));
  return readings.filter((reading) => newest.get(reading.topic) === reading);
}
