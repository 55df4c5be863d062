import type { StoredReading } from "../log/stored-reading";
import { headerLength, OPCODE, writeHeader } from "./frames";

const INITIAL_BYTES = 64 * 1024;
/** A larger scratch, made for one huge reading, is let go. */
const MAX_SCRATCH_BYTES = 1024 * 1024;
/** A frame of so many bytes is made once a pass for all who get it by itself, whatever else they get. */
const LARGE_BYTES = 64 * 1024;

/** Whether a reading should be sent by itself, in frames that are shared. */
export function isLarge({ start, end }: StoredReading): boolean {
  return end - start >= LARGE_BYTES;
}

/**
 * Puts the frames of several readings one behind the other. Readings that lie side by side are copied in one piece.
 * Nothing given to `add` is referenced once `take` has returned. Frames of large readings are shared with whoever else takes them
 * until `endPass`.
 */
export class FrameWriter {
  #scratch: Buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  #length = 0;
  #span = { bytes: this.#scratch, start: 0, end: 0 };
  /** All that was added, when that is one large reading. */
  #alone: Buffer | undefined;
  /** By sequence number and form. */
  readonly #large = new Map<string, Buffer>();

  readonly #epoch: string;

  /** @param epoch identifies the life of the server in every envelope's `seq` */
  constructor(epoch: string) {
    this.#epoch = epoch;
  }

  /** Bytes added since the last `take`. */
  get length(): number {
    return this.#alone?.length ?? this.#length + this.#span.end - this.#span.start;
  }

  /**
   * Should it throw, for lack of memory, everything added since the last `take` is gone: it must not reach the next client.
   * @param enveloped `undefined`: as its publisher chose
   */
  add(reading: StoredReading, enveloped: boolean | undefined): void {
    try {
      const isEnveloped = enveloped ?? reading.enveloped;
      if (this.length === 0 && isLarge(reading)) this.#alone = this.#largeFrame(reading, isEnveloped);
      else this.#addBehind(reading, isEnveloped);
    } catch (error) {
      this.clear();
      throw error;
    }
  }

  /** Drops everything added since the last `take`. */
  clear(): void {
    this.#alone = undefined;
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
    return Buffer.from(this.#scratch.subarray(0, this.#length));
  }

  /** Nothing else was added. */
  #largeFrame(reading: StoredReading, isEnveloped: boolean): Buffer {
    const key = `${reading.seq}:${isEnveloped}`;
    const known = this.#large.get(key);
    if (known !== undefined) return known;
    if (isEnveloped) this.#addEnvelope(reading);
    const frame = isEnveloped ? this.#copied() : Buffer.from(reading.bytes.subarray(reading.start, reading.end));
    this.#length = 0;
    if (reading.seq !== 0) this.#large.set(key, frame);
    return frame;
  }

  #addBehind(reading: StoredReading, isEnveloped: boolean): void {
    if (this.#alone !== undefined) {
      const { length } = this.#alone;
      this.#addSpan(this.#alone, 0, length);
      this.#alone = undefined;
    }
    if (isEnveloped) this.#addEnvelope(reading);
    else this.#addSpan(reading.bytes, reading.start, reading.end);
  }

  #addSpan(bytes: Buffer, start: number, end: number): void {
    const span = this.#span;
    if (span.bytes === bytes && span.end === start) {
      span.end = end;
      return;
    }
    this.#flushSpan();
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

  /** `{"topic":…,"payload":…,"time":…,"seq":"EPOCH.SEQ"}`; a binary payload as base64 with `"encoding":"base64"`. */
  #addEnvelope(reading: StoredReading): void {
    this.#flushSpan();
    const { kind, bytes, bodyStart, end } = reading;
    const start = reading.topic.envelopeStart;
    const seq = reading.seq === 0 ? "" : `,"seq":"${this.#epoch}.${reading.seq}"`;
    const encoding = kind === "binary" ? ',"encoding":"base64"' : "";
    const rest = `${encoding},"time":${reading.time}${seq}}`;
    const quoted =
      kind === "json"
        ? undefined
        : Buffer.from(
            kind === "binary"
              ? `"${bytes.toString("base64", bodyStart, end)}"`
              : JSON.stringify(bytes.toString("utf8", bodyStart, end)),
          );
    const bodyLength = quoted?.length ?? end - bodyStart;
    const payloadLength = start.length + bodyLength + rest.length;
    this.#reserve(headerLength(payloadLength) + payloadLength);
    const scratch = this.#scratch;
    let offset = writeHeader(scratch, this.#length, { opcode: OPCODE.text, payloadLength });
    offset += start.copy(scratch, offset);
    offset += quoted === undefined ? bytes.copy(scratch, offset, bodyStart, end) : quoted.copy(scratch, offset);
    offset += scratch.write(rest, offset, "latin1");
    this.#length = offset;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#scratch.length) return;
    const grown = Buffer.allocUnsafe(2 ** Math.ceil(Math.log2(needed)));
    this.#scratch.copy(grown, 0, 0, this.#length);
    this.#scratch = grown;
  }
}
