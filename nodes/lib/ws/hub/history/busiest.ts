/**
 * Finds among many things with a count one with nearly the greatest: none has more than twice as many. They are sorted
 * by powers of two, so that a count that changes by one seldom moves anything.
 */
export class Busiest<T> {
  /** By the number of binary digits of the count. */
  readonly #byDigits: Set<T>[] = [];

  /** A thing's count has changed; 0: it is not in here. */
  update(thing: T, before: number, now: number): void {
    const from = digits(before);
    const to = digits(now);
    if (from === to) return;
    this.#byDigits[from]?.delete(thing);
    if (to === 0) return;
    for (let length = this.#byDigits.length; length <= to; length++) this.#byDigits.push(new Set());
    this.#byDigits[to]?.add(thing);
  }

  /** Each of those with about the same count in turn. */
  next(): T | undefined {
    for (let set = this.#byDigits.at(-1); set !== undefined; set = this.#byDigits.at(-1)) {
      const [first] = set;
      if (first !== undefined) {
        set.delete(first);
        set.add(first);
        return first;
      }
      this.#byDigits.pop();
    }
    return undefined;
  }
}

function digits(count: number): number {
  return 32 - Math.clz32(count);
}
