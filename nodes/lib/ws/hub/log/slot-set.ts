const INITIAL_WORDS = 4;

/** Slots of topics, one bit each: 10 000 topics take 1.25 KB. */
export class SlotSet {
  #words = new Uint32Array(INITIAL_WORDS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(slot: number): boolean {
    return (((this.#words[slot >>> 5] ?? 0) >>> (slot & 31)) & 1) === 1;
  }

  add(slot: number): void {
    const at = slot >>> 5;
    if (at >= this.#words.length) this.#grow(at + 1);
    const word = this.#words[at] as number;
    const bit = 1 << (slot & 31);
    if ((word & bit) !== 0) return;
    this.#words[at] = word | bit;
    this.#size++;
  }

  delete(slot: number): void {
    const at = slot >>> 5;
    const word = this.#words[at];
    if (word === undefined) return;
    const bit = 1 << (slot & 31);
    if ((word & bit) === 0) return;
    this.#words[at] = word & ~bit;
    this.#size--;
  }

  /**
   * The first slot from `slot` on that is in here and not in `others`; -1: none.
   * Costs by the words in between: 32 slots a step.
   */
  nextWithout(others: SlotSet | undefined, slot: number): number {
    const words = this.#words;
    const excluded = others === undefined ? NONE : others.#words;
    let at = slot >>> 5;
    let mask = -1 << (slot & 31);
    for (; at < words.length; at++) {
      const word = (words[at] as number) & ~(excluded[at] ?? 0) & mask;
      if (word !== 0) return (at << 5) + trailingZeros(word);
      mask = -1;
    }
    return -1;
  }

  intersects(others: SlotSet): boolean {
    if (this.#size === 0 || others.#size === 0) return false;
    const words = Math.min(this.#words.length, others.#words.length);
    for (let at = 0; at < words; at++)
      if (((this.#words[at] as number) & (others.#words[at] as number)) !== 0) return true;
    return false;
  }

  /** How many slots are in here, in `live`, and not in `others`. */
  countWithin(live: SlotSet, others: SlotSet | undefined): number {
    const excluded = others === undefined ? NONE : others.#words;
    let count = 0;
    for (let at = 0; at < this.#words.length; at++) {
      const word = this.#words[at] as number;
      if (word !== 0) count += ones(word & (live.#words[at] ?? 0) & ~(excluded[at] ?? 0));
    }
    return count;
  }

  #grow(words: number): void {
    const grown = new Uint32Array(Math.max(words, this.#words.length * 2));
    grown.set(this.#words);
    this.#words = grown;
  }
}

const NONE = new Uint32Array(0);

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}

/** Bits that are set. Source: Warren, Hacker's Delight, "Counting 1-bits". */
function ones(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
