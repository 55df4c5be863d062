/** Entries in some order, of which only parts are asked for. */
export interface Order<E> {
  readonly size: number;
  slice(start: number, end: number): E[];
}

/** The order that the entries are in. */
export class InThisOrder<E> implements Order<E> {
  readonly #entries: readonly E[];

  constructor(entries: readonly E[]) {
    this.#entries = entries;
  }

  get size(): number {
    return this.#entries.length;
  }

  slice(start: number, end: number): E[] {
    return this.#entries.slice(start, end);
  }
}

/** A key and a place in the list share a number of 53 bits. */
const MAX_ENTRIES = 2 ** 16;
const MAX_KEY = 2 ** 37 - 1;

/**
 * Entries by a figure, the greatest first, equal ones in the order of the list; at most 65 536. Only what is asked for is put
 * in order: a page of many thousands takes a fraction of what sorting all of them would.
 */
export class GreatestFirst<E> implements Order<E> {
  readonly #entries: readonly E[];
  readonly #keys: Float64Array;
  /** So many keys from the beginning are where they belong. */
  #ordered = 0;

  /** @param figure a number from 0 on, which is rounded */
  constructor(entries: readonly E[], figure: (entry: E) => number) {
    this.#entries = entries;
    this.#keys = new Float64Array(entries.length);
    for (let index = 0; index < entries.length; index++) {
      const key = Math.min(Math.max(Math.round(figure(entries[index] as E)), 0), MAX_KEY);
      this.#keys[index] = (MAX_KEY - key) * MAX_ENTRIES + index;
    }
  }

  get size(): number {
    return this.#keys.length;
  }

  slice(start: number, end: number): E[] {
    const last = Math.min(end, this.#keys.length);
    if (last > this.#ordered) {
      select(this.#keys, this.#ordered, last);
      this.#keys.subarray(this.#ordered, last).sort();
      this.#ordered = last;
    }
    return Array.from(this.#keys.subarray(start, last), (key) => this.#entries[key % MAX_ENTRIES] as E);
  }
}

/** Moves the smallest numbers from `start` on before `end`. All are different. Source: C. A. R. Hoare, Algorithm 65: Find. */
function select(keys: Float64Array, start: number, end: number): void {
  let left = start;
  let right = keys.length - 1;
  const target = end - 1;
  while (left < right) {
    const pivot = keys[(left + right) >> 1] as number;
    let low = left;
    let high = right;
    while (low <= high) {
      while ((keys[low] as number) < pivot) low++;
      while ((keys[high] as number) > pivot) high--;
      if (low > high) break;
      const swapped = keys[low] as number;
      keys[low++] = keys[high] as number;
      keys[high--] = swapped;
    }
    if (target <= high) right = high;
    else if (target >= low) left = low;
    else return;
  }
}
