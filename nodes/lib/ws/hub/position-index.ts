import type { ReadingLog } from "./log/reading-log";

/** One reading in so many is remembered with its position: of the smallest readings, 128 in a log of 8 MB. */
const SPACING = 2048;

/** Where the readings of a group that the log holds begin and end, as positions. */
export interface HeldPositions {
  readonly tail: number;
  readonly head: number;
}

/**
 * Positions of places in the log, for one group. Remembers the position of some matching readings: of the first, and of each
 * first one that follows `SPACING` or more behind the one remembered before. So whatever matches between two of them lies
 * within `SPACING` readings of the former, and finding a position takes no more than knowing what matches in as many.
 */
export class PositionIndex {
  readonly #log: ReadingLog;
  readonly #matching: (from: number, to: number) => Iterable<number>;
  /** Sequence numbers and positions of the remembered readings, in order. */
  readonly #seqs: number[] = [];
  readonly #positions: number[] = [];
  #since: number;

  /**
   * Readings that are published from now on are numbered.
   * @param matching the sequence numbers of the group's readings from one, which the log must hold, and before another
   */
  constructor(log: ReadingLog, matching: (from: number, to: number) => Iterable<number>) {
    this.#log = log;
    this.#matching = matching;
    this.#since = log.head;
  }

  /** Readings from this sequence number on are numbered. */
  get since(): number {
    return this.#since;
  }

  /**
   * Remembers a matching reading that was published.
   * @returns from which sequence number on the next one is to be remembered
   */
  append(seq: number, position: number): number {
    this.#seqs.push(seq);
    this.#positions.push(position);
    this.#forgetEvicted();
    return seq + SPACING;
  }

  /**
   * Numbers older readings, some `SPACING` at a time, until those from `target` on are numbered.
   * @param target must be held by the log
   * @param tail position of the oldest reading numbered so far
   * @returns how many more matching readings are numbered now
   */
  extend(target: number, tail: number): number {
    const from = Math.max(target, this.#since - SPACING);
    const matching = [...this.#matching(from, this.#since)];
    this.#since = from;
    const [first] = matching;
    if (first !== undefined) {
      this.#seqs.unshift(first);
      this.#positions.unshift(tail - matching.length);
    }
    return matching.length;
  }

  /**
   * The position of a place in the log. Asks for what matches in no more than `SPACING` readings.
   * @param seq must be held by the log or its head, and not lie before `since`
   */
  positionOf(seq: number, { tail, head }: HeldPositions): number {
    const index = this.#lastUpTo(seq);
    if (index === -1) return this.#positions[0] ?? head;
    const remembered = this.#seqs[index] as number;
    const isHeld = remembered >= this.#log.tail;
    const position = isHeld ? (this.#positions[index] as number) : tail;
    const between = this.#matching(isHeld ? remembered : this.#log.tail, Math.min(seq, remembered + SPACING));
    return position + [...between].length;
  }

  /** The last one that the log has given up stays: what follows it closely is found from there. */
  #forgetEvicted(): void {
    const last = this.#lastUpTo(this.#log.tail);
    if (last < 16) return;
    this.#seqs.splice(0, last);
    this.#positions.splice(0, last);
  }

  /** Index of the last remembered reading up to `seq`; -1: there is none. */
  #lastUpTo(seq: number): number {
    let low = 0;
    let high = this.#seqs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#seqs[middle] as number) <= seq) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
