const INITIAL_SLOTS = 4;

/** Sequence numbers that only grow, oldest first, in a ring that grows with them: 8 bytes each. */
export class SeqQueue {
  #seqs = new Float64Array(INITIAL_SLOTS);
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** @param index from the oldest, which is 0 */
  at(index: number): number {
    return this.#seqs[(this.#head + index) & (this.#seqs.length - 1)] as number;
  }

  push(seq: number): void {
    if (this.#length === this.#seqs.length) this.#grow();
    this.#seqs[(this.#head + this.#length++) & (this.#seqs.length - 1)] = seq;
  }

  /** Takes out the oldest. The queue must not be empty. */
  shift(): number {
    const seq = this.at(0);
    this.#head = (this.#head + 1) & (this.#seqs.length - 1);
    this.#length--;
    return seq;
  }

  /** How many are below a sequence number. */
  countBelow(seq: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #grow(): void {
    const grown = new Float64Array(this.#seqs.length * 2);
    for (let index = 0; index < this.#length; index++) grown[index] = this.at(index);
    this.#seqs = grown;
    this.#head = 0;
  }
}
