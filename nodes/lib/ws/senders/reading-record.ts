import type { StoredReading } from "../hub/log/stored-reading";
import type { EncodedPayload } from "../hub/payload";
import { frameLength, startFrame } from "./pipe-frames";

/**
 * A reading on the pipe: flags, u8; sequence number, f64; its time, f64; its age, f64; bytes of the topic, u32; topic; body.
 */
const FLAGS = 0;
const SEQ = 1;
const TIME = 9;
const AGE = 17;
const TOPIC_LENGTH = 25;
const TOPIC = 29;

const KINDS = ["text", "json", "binary"] as const;
const KIND_MASK = 0x3;
const ENVELOPED = 0x4;
const REMOVED = 0x8;

const INITIAL_BYTES = 64 * 1024;

export interface ReadingRecord {
  readonly seq: number;
  readonly topic: string;
  /** Its topic is no more: new clients do not get the reading. */
  readonly isRemoved: boolean;
  readonly payload: EncodedPayload;
  /** As the flow has it, in ms since the epoch. */
  readonly time: number;
  readonly enveloped: boolean;
  /** How long ago it was published, in ms. */
  readonly age: number;
}

/** What the pipe needs to know of a reading besides what the log holds. */
export interface RecordContext {
  readonly type: number;
  readonly topic: { readonly name: string; readonly removed: boolean };
  readonly age: number;
}

/** Puts readings one behind the other, as they go through the pipe. */
export class RecordWriter {
  #bytes: Buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  #length = 0;

  /** Bytes added since the last `take`. */
  get length(): number {
    return this.#length;
  }

  add(reading: StoredReading, { type, topic, age }: RecordContext): void {
    const { seq, kind, enveloped, time, bytes, bodyStart, end } = reading;
    const topicLength = Buffer.byteLength(topic.name);
    const contentLength = TOPIC + topicLength + end - bodyStart;
    this.#reserve(frameLength(contentLength));
    const target = this.#bytes;
    const start = startFrame(target, this.#length, { type, contentLength });
    target[start + FLAGS] = KINDS.indexOf(kind) | (enveloped ? ENVELOPED : 0) | (topic.removed ? REMOVED : 0);
    target.writeDoubleLE(seq, start + SEQ);
    target.writeDoubleLE(time, start + TIME);
    target.writeDoubleLE(age, start + AGE);
    target.writeUInt32LE(topicLength, start + TOPIC_LENGTH);
    target.write(topic.name, start + TOPIC);
    bytes.copy(target, start + TOPIC + topicLength, bodyStart, end);
    this.#length = start + contentLength;
  }

  /** @returns what was added since the last time, in memory of its own */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    if (this.#bytes.length > 16 * INITIAL_BYTES) this.#bytes = Buffer.allocUnsafe(INITIAL_BYTES);
    return taken;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

/** The body lies within `content`. */
export function readRecord(content: Buffer): ReadingRecord {
  const flags = content[FLAGS] as number;
  const topicEnd = TOPIC + content.readUInt32LE(TOPIC_LENGTH);
  return {
    seq: content.readDoubleLE(SEQ),
    topic: content.toString("utf8", TOPIC, topicEnd),
    isRemoved: (flags & REMOVED) !== 0,
    payload: { kind: KINDS[flags & KIND_MASK] as EncodedPayload["kind"], body: content.subarray(topicEnd) },
    time: content.readDoubleLE(TIME),
    enveloped: (flags & ENVELOPED) !== 0,
    age: content.readDoubleLE(AGE),
  };
}
