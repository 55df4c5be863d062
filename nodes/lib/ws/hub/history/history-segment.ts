import { payloadLengthIn } from "../frames/frames";
import type { StoredReading } from "../log/stored-reading";
import type { Topic } from "../log/topic";

export const SEGMENT_BYTES = 64 * 1024;
const MAX_ENTRIES = 1024;
/** What the records of a segment's entries take, besides the readings themselves. */
const RECORDS_BYTES = MAX_ENTRIES * 37;
const KINDS = ["text", "json", "binary"] as const;
const KIND_NUMBERS = { text: 0, json: 1, binary: 2 } as const;
const NOTHING = Buffer.alloc(0);
const ENVELOPED_FLAG = 0x4;

/**
 * One piece of a history: readings in order of their sequence numbers, framed, one behind the other. Any of them may be
 * removed; what is left of two segments that follow one another can be put into one.
 */
export class HistorySegment {
  readonly #bytes: Buffer;
  #used = 0;
  #entries = 0;
  #live = 0;
  #liveBytes = 0;
  readonly #seqs = new Float64Array(MAX_ENTRIES);
  readonly #starts = new Uint32Array(MAX_ENTRIES);
  readonly #lengths = new Uint32Array(MAX_ENTRIES);
  readonly #flags = new Uint8Array(MAX_ENTRIES);
  readonly #times = new Float64Array(MAX_ENTRIES);
  readonly #publishedAts = new Float64Array(MAX_ENTRIES);
  /** `undefined`: the reading was removed. */
  readonly #topics = new Array<Topic | undefined>(MAX_ENTRIES);
  /** The last readings, which are still to be copied: they lie side by side, so that one copy takes them all. */
  readonly #uncopied: { bytes: Buffer; start: number; end: number } = { bytes: NOTHING, start: 0, end: 0 };

  /** @param bytes for readings: those of the first one, if it is longer than a segment usually is */
  constructor(bytes = SEGMENT_BYTES) {
    this.#bytes = Buffer.allocUnsafeSlow(bytes);
  }

  /** Bytes of memory that a segment takes, records included. */
  static sizeOf(bytes: number): number {
    return bytes + RECORDS_BYTES;
  }

  get size(): number {
    return HistorySegment.sizeOf(this.#bytes.length);
  }

  /** Readings held. */
  get live(): number {
    return this.#live;
  }

  /** Sequence number of the first reading it ever held. */
  get first(): number {
    return this.#seqs[0] as number;
  }

  hasRoomFor(length: number): boolean {
    return this.#entries < MAX_ENTRIES && this.#used + length <= this.#bytes.length;
  }

  /** Whether all that is held here and in the segment behind would have room in this one. */
  canTakeIn(next: HistorySegment): boolean {
    return this.#live + next.#live <= MAX_ENTRIES && this.#liveBytes + next.#liveBytes <= this.#bytes.length;
  }

  /** @param reading stays as it is until `copy`; the segment must have room for it */
  append(reading: StoredReading, topic: Topic, publishedAt: number): void {
    const index = this.#entries++;
    const length = reading.end - reading.start;
    this.#willCopy(reading);
    this.#seqs[index] = reading.seq;
    this.#starts[index] = this.#used;
    this.#lengths[index] = length;
    this.#flags[index] = KIND_NUMBERS[reading.kind] | (reading.enveloped ? ENVELOPED_FLAG : 0);
    this.#times[index] = reading.time;
    this.#publishedAts[index] = publishedAt;
    this.#topics[index] = topic;
    this.#used += length;
    this.#live++;
    this.#liveBytes += length;
  }

  /** Copies what was appended: from now on it may change. */
  copy(): void {
    const { bytes, start, end } = this.#uncopied;
    if (end === start) return;
    bytes.copy(this.#bytes, this.#used - (end - start), start, end);
    this.#uncopied.bytes = NOTHING;
    this.#uncopied.start = this.#uncopied.end = 0;
  }

  /** @param seq of a reading that is held here */
  remove(seq: number): void {
    const index = this.indexOf(seq);
    this.#topics[index] = undefined;
    this.#live--;
    this.#liveBytes -= this.#lengths[index] as number;
  }

  /** Index of the first entry with that sequence number or a later one; `entries` when there is none. */
  indexOf(seq: number): number {
    let low = 0;
    let high = this.#entries;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#seqs[middle] as number) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Entries, removed ones included. */
  get entries(): number {
    return this.#entries;
  }

  seqAt(index: number): number {
    return this.#seqs[index] as number;
  }

  /** `undefined` for a removed entry. */
  topicAt(index: number): Topic | undefined {
    return this.#topics[index];
  }

  /** In ms of the hub's clock. */
  publishedAt(index: number): number {
    return this.#publishedAts[index] as number;
  }

  /** Fills in where the reading lies; valid until the history is appended to. @param index of an entry not removed */
  read(index: number, into: StoredReading): StoredReading {
    this.copy();
    const flags = this.#flags[index] as number;
    const length = this.#lengths[index] as number;
    into.seq = this.#seqs[index] as number;
    into.topic = this.#topics[index] as Topic;
    into.kind = KINDS[flags & 0x3] as StoredReading["kind"];
    into.enveloped = (flags & ENVELOPED_FLAG) !== 0;
    into.time = this.#times[index] as number;
    into.bytes = this.#bytes;
    into.start = this.#starts[index] as number;
    into.end = into.start + length;
    into.bodyStart = into.end - payloadLengthIn(length);
    return into;
  }

  /** Moves all that the segment behind holds into this one, which must have room for it. Linear in both; nothing is uncopied. */
  takeIn(next: HistorySegment): void {
    this.#compact();
    for (let index = 0; index < next.#entries; index++) {
      if (next.#topics[index] !== undefined) this.#copyEntry(next, index);
    }
  }

  #willCopy({ bytes, start, end }: StoredReading): void {
    const uncopied = this.#uncopied;
    if (uncopied.bytes !== bytes || uncopied.end !== start) {
      this.copy();
      uncopied.bytes = bytes;
      uncopied.start = start;
    }
    uncopied.end = end;
  }

  #compact(): void {
    const entries = this.#entries;
    this.#entries = this.#used = this.#live = this.#liveBytes = 0;
    for (let index = 0; index < entries; index++) if (this.#topics[index] !== undefined) this.#copyEntry(this, index);
    this.#topics.fill(undefined, this.#entries, entries);
  }

  /** From this segment itself only towards its beginning. */
  #copyEntry(from: HistorySegment, index: number): void {
    const to = this.#entries++;
    const start = from.#starts[index] as number;
    const length = from.#lengths[index] as number;
    from.#bytes.copy(this.#bytes, this.#used, start, start + length);
    this.#seqs[to] = from.#seqs[index] as number;
    this.#starts[to] = this.#used;
    this.#lengths[to] = length;
    this.#flags[to] = from.#flags[index] as number;
    this.#times[to] = from.#times[index] as number;
    this.#publishedAts[to] = from.#publishedAts[index] as number;
    this.#topics[to] = from.#topics[index];
    this.#used += length;
    this.#live++;
    this.#liveBytes += length;
  }
}
