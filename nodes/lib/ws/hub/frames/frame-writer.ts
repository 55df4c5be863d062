import type { StoredReading } from "../log/stored-reading";
import { headerLength, OPCODE, writeHeader } from "./frames";

const INITIAL_BYTES = 64 * 1024;
/** A larger scratch, made for one huge reading, is let go. */
const MAX_SCRATCH_BYTES = 1024 * 1024;

/**
 * Puts the frames of several readings one behind the other. Readings that lie side by side are copied in one piece.
 * Nothing given to `add` is referenced once `take` has returned.
 */
export class FrameWriter {
  #scratch: Buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  #length = 0;
  #span = { bytes: this.#scratch, start: 0, end: 0 };

  readonly #epoch: string;

  /** @param epoch identifies the life of the server in every envelope's `seq` */
  constructor(epoch: string) {
    this.#epoch = epoch;
  }

  /** Bytes added since the last `take`. */
  get length(): number {
    return this.#length + this.#span.end - this.#span.start;
  }

  /**
   * Should it throw, for lack of memory, everything added since the last `take` is gone: it must not reach the next client.
   * @param enveloped `undefined`: as its publisher chose
   */
  add(reading: StoredReading, enveloped: boolean | undefined): void {
    try {
      if (enveloped ?? reading.enveloped) this.#addEnvelope(reading);
      else this.#addSpan(reading.bytes, reading.start, reading.end);
    } catch (error) {
      this.clear();
      throw error;
    }
  }

  /** Drops everything added since the last `take`. */
  clear(): void {
    this.#length = 0;
    this.#clearSpan();
    if (this.#scratch.length > MAX_SCRATCH_BYTES) this.#scratch = Buffer.allocUnsafe(INITIAL_BYTES);
  }

  /** @returns all frames added since the last time, in memory of their own */
  take(): Buffer {
    this.#flushSpan();
    const frames = Buffer.from(this.#scratch.subarray(0, this.#length));
    this.clear();
    return frames;
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
