const FIRST_CAPACITY = 32;
/** A pause that is so many usual intervals long, and this long at least, is an outage. */
const GAP_INTERVALS = 4;
const MIN_GAP_MS = 3000;
const SMOOTHING = 0.1;

/** The newest points of one curve, in order of time; bounded in number, and in memory only what was needed so far. */
export class Series {
  readonly #capacity: number;
  #times: Float64Array = new Float64Array(FIRST_CAPACITY);
  #values: Float64Array = new Float64Array(FIRST_CAPACITY);
  #head = 0;
  #length = 0;
  #interval = 0;

  /** @param capacity points; older ones are forgotten */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get length(): number {
    return this.#length;
  }

  /** Usual time between two points, in ms; 0 while it is not known. */
  get interval(): number {
    return this.#interval;
  }

  /** A point that is older than the newest one is not taken: the curve would run backwards. */
  add(time: number, value: number): void {
    const last = this.lastTime;
    if (time < last) return;
    if (this.#length > 0) {
      const interval = time - last;
      // An outage says nothing about the usual pace.
      if (this.#interval === 0) this.#interval = interval;
      else if (!this.#isGap(interval)) this.#interval += (interval - this.#interval) * SMOOTHING;
    }
    if (this.#length === this.#times.length && this.#length < this.#capacity) this.#grow();
    const size = this.#times.length;
    const at = (this.#head + this.#length) % size;
    this.#times[at] = time;
    this.#values[at] = value;
    if (this.#length < size) this.#length++;
    else this.#head = (this.#head + 1) % size;
  }

  /** Of the point at an index: 0 is the oldest. */
  timeAt(index: number): number {
    return this.#times[(this.#head + index) % this.#times.length] as number;
  }

  valueAt(index: number): number {
    return this.#values[(this.#head + index) % this.#values.length] as number;
  }

  /** `-Infinity` for none. */
  get lastTime(): number {
    return this.#length === 0 ? Number.NEGATIVE_INFINITY : this.timeAt(this.#length - 1);
  }

  /** Index of the first point that is not older than a time. */
  indexAt(time: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.timeAt(middle) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Whether there was an outage before the point at an index. */
  isGapBefore(index: number): boolean {
    return index > 0 && this.#isGap(this.timeAt(index) - this.timeAt(index - 1));
  }

  /** Smallest and largest value from an index on; `undefined` for none. */
  rangeFrom(index: number): { min: number; max: number } | undefined {
    if (index >= this.#length) return undefined;
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (let at = index; at < this.#length; at++) {
      const value = this.valueAt(at);
      if (value < min) min = value;
      if (value > max) max = value;
    }
    return { min, max };
  }

  #isGap(interval: number): boolean {
    return interval > Math.max(MIN_GAP_MS, GAP_INTERVALS * this.#interval);
  }

  #grow(): void {
    const size = Math.min(this.#capacity, this.#times.length * 2);
    this.#times = this.#ordered(this.#times, size);
    this.#values = this.#ordered(this.#values, size);
    this.#head = 0;
  }

  #ordered(ring: Float64Array, size: number): Float64Array {
    const grown = new Float64Array(size);
    for (let index = 0; index < this.#length; index++)
      grown[index] = ring[(this.#head + index) % ring.length] as number;
    return grown;
  }
}
