import type { ReadingLog } from "./log/reading-log";
import type { SubscriptionGroup } from "./subscription-group";

/** Readings are looked through in blocks of so many. */
const BLOCK = 2048;
/** What an entry of the maps takes besides the array, roughly. */
const BYTES_PER_BLOCK = 128;
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Which readings deep in the log are for a group, so that many clients that catch up there do not each look through it. Costs
 * `BLOCK` matches where nothing is remembered; what is remembered is bounded for all groups together.
 */
export class LogMatches {
  readonly log: ReadingLog;
  readonly #maxBytes: number;
  /** Sequence numbers of the matching readings of a block, less that of its first reading. */
  #blocks = new Map<SubscriptionGroup, Map<number, Uint16Array>>();
  #bytes = 0;

  constructor(log: ReadingLog, maxBytes = MAX_BYTES) {
    this.log = log;
    this.#maxBytes = maxBytes;
  }

  /** What is remembered, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * The matching readings from `from` on, which must be held by the log, and before `to`.
   * @returns their sequence numbers, in order
   */
  *between(group: SubscriptionGroup, from: number, to: number): Iterable<number> {
    for (let block = Math.floor(from / BLOCK); block * BLOCK < to; block++) {
      const base = block * BLOCK;
      for (const offset of this.#block(group, block)) {
        const seq = base + offset;
        if (seq >= to) return;
        if (seq >= from) yield seq;
      }
    }
  }

  #block(group: SubscriptionGroup, block: number): Uint16Array {
    const known = this.#blocks.get(group)?.get(block);
    if (known !== undefined) return known;
    const base = block * BLOCK;
    const offsets: number[] = [];
    const end = Math.min(base + BLOCK, this.log.head);
    for (let seq = Math.max(base, this.log.tail); seq < end; seq++) {
      if (group.matches(this.log.topicOf(seq))) offsets.push(seq - base);
    }
    const found = Uint16Array.from(offsets);
    // The last block is still being written.
    if (end === base + BLOCK) this.#remember(group, block, found);
    return found;
  }

  #remember(group: SubscriptionGroup, block: number, offsets: Uint16Array): void {
    const bytes = BYTES_PER_BLOCK + offsets.byteLength;
    if (this.#bytes + bytes > this.#maxBytes) {
      this.#blocks = new Map();
      this.#bytes = 0;
    }
    let blocks = this.#blocks.get(group);
    if (blocks === undefined) {
      blocks = new Map();
      this.#blocks.set(group, blocks);
    }
    blocks.set(block, offsets);
    this.#bytes += bytes;
  }
}
