import type { StoredReading } from "../log/stored-reading";
import { OPCODE, writeHeader } from "./frames";

const INITIAL_BYTES = 64 * 1024;
/** A larger scratch, made for one huge reading, is let go. */
const MAX_SCRATCH_BYTES = 1024 * 1024;
/** A frame of so many bytes is made once a pass for all who get it by itself, whatever else they get. */
const LARGE_BYTES = 64 * 1024;
/** Where a batch begins there is room for any header: its length is known once it ends. */
const MAX_HEADER_BYTES = 10;
const NOTHING = Buffer.alloc(0);
const BATCH = { opening: 0x5b, comma: 0x2c, closing: 0x5d };

/** How a client wants its readings. */
export interface Form {
  /** `undefined`: as each reading's publisher chose. */
  readonly envelope: boolean | undefined;
  /** All that are sent together in one frame, as a JSON array. Bytes without an envelope, which JSON can't say, go by themselves. */
  readonly batch: boolean;
}

/** Whether a reading should be sent by itself, in frames that are shared. */
export function isLarge({ start, end }: StoredReading): boolean {
  return end - start >= LARGE_BYTES;
}

/**
 * Puts the frames of several readings one behind the other, or the readings into one frame. Readings that lie side by side are copied
 * in one piece. Nothing given to `add` is referenced once `take` has returned. Frames of large readings are shared with
 * whoever else takes them until `endPass`.
 */
export class FrameWriter {
  #scratch: Buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  #length = 0;
  #span = { bytes: this.#scratch, start: 0, end: 0 };
  /** Where the batch begins that is being written. */
  #batchStart: number | undefined;
  /** All that was added, when that is one large reading. */
  #alone: Buffer | undefined;
  /** By sequence number and form. */
  readonly #large = new Map<string, Buffer>();

  readonly #epoch: string;

  /** @param epoch identifies the life of the server in every envelope's `seq` */
  constructor(epoch: string) {
    this.#epoch = epoch;
  }

  /** Bytes added since the last `take`, roughly where there is a batch. */
  get length(): number {
    return this.#alone?.length ?? this.#length + this.#span.end - this.#span.start;
  }

  /** Should it throw, for lack of memory, everything added since the last `take` is gone: it must not reach the next client. */
  add(reading: StoredReading, { envelope, batch }: Form): void {
    const isEnveloped = envelope ?? reading.enveloped;
    const isBatched = batch && (isEnveloped || reading.kind !== "binary");
    try {
      if (this.length === 0 && isLarge(reading)) this.#alone = this.#largeFrame(reading, isEnveloped, isBatched);
      else this.#addBehind(reading, isEnveloped, isBatched);
    } catch (error) {
      this.clear();
      throw error;
    }
  }

  /** Drops everything added since the last `take`. */
  clear(): void {
    this.#alone = undefined;
    this.#batchStart = undefined;
    this.#length = 0;
    this.#clearSpan();
    if (this.#scratch.length > MAX_SCRATCH_BYTES) this.#scratch = Buffer.allocUnsafe(INITIAL_BYTES);
  }

  /** @returns all frames added since the last time: not to be written to, as others may share them */
  take(): Buffer {
    const frames = this.#alone ?? this.#copied();
    this.clear();
    return frames;
  }

  /** Lets go of the frames that are shared. */
  endPass(): void {
    if (this.#large.size > 0) this.#large.clear();
  }

  #copied(): Buffer {
    this.#flushSpan();
    this.#endBatch();
    return Buffer.from(this.#scratch.subarray(0, this.#length));
  }

  /** Nothing else was added. */
  #largeFrame(reading: StoredReading, isEnveloped: boolean, isBatched: boolean): Buffer {
    const key = `${reading.seq}:${isEnveloped}:${isBatched}`;
    const known = this.#large.get(key);
    if (known !== undefined) return known;
    const frame = this.#soleFrame(reading, isEnveloped, isBatched);
    if (reading.seq !== 0) this.#large.set(key, frame);
    return frame;
  }

  #soleFrame(reading: StoredReading, isEnveloped: boolean, isBatched: boolean): Buffer {
    if (!isEnveloped && !isBatched) return Buffer.from(reading.bytes.subarray(reading.start, reading.end));
    this.#addJson(reading, isEnveloped, isBatched);
    const frame = this.#copied();
    this.#length = 0;
    return frame;
  }

  #addBehind(reading: StoredReading, isEnveloped: boolean, isBatched: boolean): void {
    if (this.#alone !== undefined) {
      const { length } = this.#alone;
      this.#addSpan(this.#alone, 0, length);
      this.#alone = undefined;
    }
    if (isEnveloped || isBatched) this.#addJson(reading, isEnveloped, isBatched);
    else this.#addSpan(reading.bytes, reading.start, reading.end);
  }

  #addSpan(bytes: Buffer, start: number, end: number): void {
    const span = this.#span;
    if (span.bytes === bytes && span.end === start) {
      span.end = end;
      return;
    }
    this.#flushSpan();
    this.#endBatch();
    span.bytes = bytes;
    span.start = start;
    span.end = end;
  }

  #flushSpan(): void {
    const { bytes, start, end } = this.#span;
    if (end > start) {
      this.#reserve(end - start);
      this.#length += bytes.copy(this.#scratch, this.#length, start, end);
    }
    this.#clearSpan();
  }

  #clearSpan(): void {
    this.#span.bytes = this.#scratch;
    this.#span.start = this.#span.end = 0;
  }

  /**
   * Alone or as an item of a batch: the payload as JSON, or `{"topic":…,"payload":…,"time":…,"seq":"EPOCH.SEQ"}`; a binary
   * payload as base64 with `"encoding":"base64"`.
   */
  #addJson(reading: StoredReading, isEnveloped: boolean, isBatched: boolean): void {
    this.#flushSpan();
    const { kind, bytes, bodyStart, end } = reading;
    const start = isEnveloped ? reading.topic.envelopeStart : NOTHING;
    const rest = isEnveloped ? this.#envelopeEnd(reading) : "";
    const quoted = kind === "json" ? undefined : Buffer.from(quotedBody(reading));
    const length = start.length + (quoted?.length ?? end - bodyStart) + rest.length;
    this.#reserve(MAX_HEADER_BYTES + length + 2);
    let offset = isBatched ? this.#beginItem() : this.#beginFrame(length);
    const scratch = this.#scratch;
    offset += start.copy(scratch, offset);
    offset += quoted === undefined ? bytes.copy(scratch, offset, bodyStart, end) : quoted.copy(scratch, offset);
    offset += scratch.write(rest, offset, "latin1");
    this.#length = offset;
  }

  #envelopeEnd({ kind, time, seq }: StoredReading): string {
    const encoding = kind === "binary" ? ',"encoding":"base64"' : "";
    return `${encoding},"time":${time}${seq === 0 ? "" : `,"seq":"${this.#epoch}.${seq}"`}}`;
  }

  /** @returns where the payload goes */
  #beginFrame(payloadLength: number): number {
    this.#endBatch();
    return writeHeader(this.#scratch, this.#length, { opcode: OPCODE.text, payloadLength });
  }

  /** @returns where the item goes */
  #beginItem(): number {
    const isFirst = this.#batchStart === undefined;
    if (isFirst) {
      this.#batchStart = this.#length;
      this.#length += MAX_HEADER_BYTES;
    }
    this.#scratch[this.#length] = isFirst ? BATCH.opening : BATCH.comma;
    return this.#length + 1;
  }

  /** There is room for its last bracket: every item has left some. */
  #endBatch(): void {
    const start = this.#batchStart;
    if (start === undefined) return;
    this.#batchStart = undefined;
    this.#scratch[this.#length++] = BATCH.closing;
    const bodyStart = start + MAX_HEADER_BYTES;
    const payloadLength = this.#length - bodyStart;
    const movedTo = writeHeader(this.#scratch, start, { opcode: OPCODE.text, payloadLength });
    this.#scratch.copyWithin(movedTo, bodyStart, this.#length);
    this.#length = movedTo + payloadLength;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#scratch.length) return;
    const grown = Buffer.allocUnsafe(2 ** Math.ceil(Math.log2(needed)));
    this.#scratch.copy(grown, 0, 0, this.#length);
    this.#scratch = grown;
  }
}

/** Of a text or of bytes, as a JSON string. */
function quotedBody({ kind, bytes, bodyStart, end }: StoredReading): string {
  return kind === "binary"
    ? `"${bytes.toString("base64", bodyStart, end)}"`
    : JSON.stringify(bytes.toString("utf8", bodyStart, end));
}
