/** What the numbers of several readings come to. */
export class NumberRange {
  min: number;
  max: number;
  /** Follows each number by its share, so that equal ones have exactly themselves as their mean (Welford). */
  mean: number;
  #count = 1;

  constructor(value: number) {
    this.min = value;
    this.max = value;
    this.mean = value;
  }

  add(value: number): void {
    this.#count++;
    this.min = Math.min(this.min, value);
    this.max = Math.max(this.max, value);
    // Not of the difference, which may be beyond what a number can be.
    this.mean += value / this.#count - this.mean / this.#count;
  }
}
