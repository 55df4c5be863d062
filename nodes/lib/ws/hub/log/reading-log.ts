import { sentence } from "../../../text/sentence";
import { headerLength, OPCODE, payloadLengthIn, writeHeader } from "../frames/frames";
import { type EncodedPayload, PayloadError } from "../payload";
import type { StoredReading } from "./stored-reading";
import type { Topic } from "./topic";

const KINDS = ["text", "json", "binary"] as const;
const KIND_NUMBERS = { text: 0, json: 1, binary: 2 } as const;
const ENVELOPED_FLAG = 0x4;
const MIN_SLOTS = 1024;
/** The smallest share of the log that an entry is reckoned with: bounds the memory of the entries' own records. */
const BYTES_PER_SLOT = 32;

export interface Entry {
  /** As `lengthOf` says. */
  readonly length: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Its publisher wants it sent as an envelope. */
  readonly enveloped: boolean;
}

/**
 * The newest readings, framed, in one block of memory that is written round and round. Every reading has a sequence
 * number, 1 for the first; `tail` is the oldest one held, `head` the one that comes next.
 */
export class ReadingLog {
  readonly #capacity: number;
  readonly #onEvict: (seq: number, topic: Topic) => void;
  #head = 1;
  #tail = 1;
  readonly #bytes: Buffer;
  readonly #maxSlots: number;
  #writeOffset = 0;
  /** Of the topics that entries refer to: bounded like what the entries themselves take. */
  #nameBytes = 0;
  #slots = MIN_SLOTS;
  #starts = new Uint32Array(MIN_SLOTS);
  #ends = new Uint32Array(MIN_SLOTS);
  #flags = new Uint8Array(MIN_SLOTS);
  #times = new Float64Array(MIN_SLOTS);
  #topics = new Array<Topic | undefined>(MIN_SLOTS);

  /**
   * @param capacity in bytes of framed payload
   * @param onEvict called while the reading can still be read, before it makes room for a new one
   */
  constructor(capacity: number, onEvict: (seq: number, topic: Topic) => void) {
    this.#capacity = capacity;
    this.#onEvict = onEvict;
    // Zeroed memory of this size costs nothing until it is written.
    this.#bytes = Buffer.alloc(capacity);
    this.#maxSlots = 2 ** Math.ceil(Math.log2(Math.max(MIN_SLOTS, capacity / BYTES_PER_SLOT)));
  }

  /** Has the first reading get this sequence number. To be called before there is one. */
  startAt(seq: number): void {
    this.#head = this.#tail = seq;
  }

  /** Sequence number of the next reading. */
  get head(): number {
    return this.#head;
  }

  /** Sequence number of the oldest reading held; `head` when there is none. */
  get tail(): number {
    return this.#tail;
  }

  /** From the oldest reading held to the newest. */
  get bytes(): number {
    const oldest = this.#oldestStart();
    if (oldest === -1) return 0;
    return oldest < this.#writeOffset ? this.#writeOffset - oldest : this.#capacity - oldest + this.#writeOffset;
  }

  /** Whether the publisher of the newest reading wants it sent as an envelope. */
  get newestIsEnveloped(): boolean {
    if (this.#head === 1) return false;
    return ((this.#flags[(this.#head - 1) & (this.#slots - 1)] as number) & ENVELOPED_FLAG) !== 0;
  }

  /**
   * Bytes that a payload takes, framed.
   * @throws {PayloadError} for more than the log can hold
   */
  lengthOf(payload: EncodedPayload): number {
    const { body } = payload;
    const bodyLength = typeof body === "string" ? Buffer.byteLength(body) : body.length;
    const length = headerLength(bodyLength) + bodyLength;
    if (length <= this.#capacity) return length;
    throw new PayloadError(sentence("broadcast.larger-than-log", { bytes: length, logBytes: this.#capacity }));
  }

  /**
   * @returns the new reading's sequence number
   */
  append(topic: Topic, payload: EncodedPayload, { length, time, enveloped }: Entry): number {
    const { kind, body } = payload;
    const start = this.#makeRoom(length);
    const opcode = kind === "binary" ? OPCODE.binary : OPCODE.text;
    const bodyStart = writeHeader(this.#bytes, start, { opcode, payloadLength: payloadLengthIn(length) });
    if (typeof body === "string") this.#bytes.write(body, bodyStart);
    else body.copy(this.#bytes, bodyStart);
    this.#writeOffset = start + length;

    const seq = this.#head++;
    const slot = seq & (this.#slots - 1);
    this.#starts[slot] = start;
    this.#ends[slot] = start + length;
    this.#flags[slot] = KIND_NUMBERS[kind] | (enveloped ? ENVELOPED_FLAG : 0);
    this.#times[slot] = time;
    this.#topics[slot] = topic;
    if (topic.entries++ === 0) this.#nameBytes += topic.name.length;
    while (this.#nameBytes > this.#capacity && this.#tail < seq) this.#evictOldest();
    return seq;
  }

  /** @param seq must be held */
  topicOf(seq: number): Topic {
    return this.#topics[seq & (this.#slots - 1)] as Topic;
  }

  /** Fills in where the reading lies; valid until the next `append`. @param seq must be held */
  read(seq: number, into: StoredReading): StoredReading {
    const slot = seq & (this.#slots - 1);
    const flags = this.#flags[slot] as number;
    const length = (this.#ends[slot] as number) - (this.#starts[slot] as number);
    into.seq = seq;
    into.topic = this.topicOf(seq);
    into.kind = KINDS[flags & 0x3] as EncodedPayload["kind"];
    into.enveloped = (flags & ENVELOPED_FLAG) !== 0;
    into.time = this.#times[slot] as number;
    into.bytes = this.#bytes;
    into.start = this.#starts[slot] as number;
    into.end = this.#ends[slot] as number;
    into.bodyStart = into.end - payloadLengthIn(length);
    return into;
  }

  /** @returns where `length` bytes in one piece can be written, after giving up the oldest readings in the way */
  #makeRoom(length: number): number {
    let start = this.#writeOffset;
    if (start + length > this.#capacity) {
      while (this.#oldestStart() >= start) this.#evictOldest();
      start = 0;
    }
    let oldest = this.#oldestStart();
    while (oldest >= start && oldest < start + length) {
      this.#evictOldest();
      oldest = this.#oldestStart();
    }
    if (this.#head - this.#tail === this.#slots) {
      if (this.#slots < this.#maxSlots) this.#growSlots();
      else this.#evictOldest();
    }
    return start;
  }

  /** -1 for an empty log. */
  #oldestStart(): number {
    return this.#tail === this.#head ? -1 : (this.#starts[this.#tail & (this.#slots - 1)] as number);
  }

  #evictOldest(): void {
    const slot = this.#tail & (this.#slots - 1);
    const topic = this.#topics[slot] as Topic;
    this.#onEvict(this.#tail, topic);
    this.#topics[slot] = undefined;
    if (--topic.entries === 0) this.#nameBytes -= topic.name.length;
    this.#tail++;
  }

  #growSlots(): void {
    const slots = this.#slots * 2;
    const grown = {
      starts: new Uint32Array(slots),
      ends: new Uint32Array(slots),
      flags: new Uint8Array(slots),
      times: new Float64Array(slots),
      topics: new Array<Topic | undefined>(slots),
    };
    for (let seq = this.#tail; seq < this.#head; seq++) {
      const from = seq & (this.#slots - 1);
      const to = seq & (slots - 1);
      grown.starts[to] = this.#starts[from] as number;
      grown.ends[to] = this.#ends[from] as number;
      grown.flags[to] = this.#flags[from] as number;
      grown.times[to] = this.#times[from] as number;
      grown.topics[to] = this.#topics[from];
    }
    this.#starts = grown.starts;
    this.#ends = grown.ends;
    this.#flags = grown.flags;
    this.#times = grown.times;
    this.#topics = grown.topics;
    this.#slots = slots;
  }
}
