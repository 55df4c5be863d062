import { isUtf8 } from "node:buffer";
import { MAX_NESTING } from "../../../reading/limits";
import { sentence } from "../../../text/sentence";
import { DecodeError, locate } from "../decoder";
import { checkFieldCount, protoName, tooDeep } from "../limits";

/** What a scan found out about a datagram before any library saw it. */
export interface Scan {
  /** Where each of the values that follow one another ends. */
  readonly ends: readonly number[];
  /** Whether the library's values are JSON values already, with nothing to convert. */
  readonly isPlain: boolean;
}

/**
 * What the values of a datagram may cost, in units of an empty array: about 0.1 us and 60 bytes. Lengths alone do not
 * bound it, as a thing of one byte in a datagram may become a hundred times as large in memory.
 */
const BUDGET = 16_384;
export const ARRAY_COST = 1;
export const MAP_COST = 2;
const ENTRY_COST = 1;
/** Objects with numbers as keys are kept as hash tables, whatever their order. */
export const INTEGER_KEY_COST = 2;
/** A Buffer, Date, Set or typed array. */
export const INSTANCE_COST = 8;

const PROTO_KEY = Buffer.from("__proto__");
const NON_ASCII = 0x80;

/** A position in a datagram of a binary format, and the limits that a value inside it must keep. */
export abstract class ByteScan {
  protected position = 0;
  protected isPlain = true;
  #budget = BUDGET;

  constructor(protected readonly bytes: Buffer) {}

  /** @throws {DecodeError} for anything that a decoder must not be given */
  run(): Scan {
    const ends: number[] = [];
    try {
      while (this.position < this.bytes.length) {
        this.value(0);
        ends.push(this.position);
      }
    } catch (error) {
      throw locate(error, this.position);
    }
    if (ends.length === 0) throw new DecodeError(sentence("decode.empty"));
    return { ends, isPlain: this.isPlain };
  }

  /** Moves past the value at the position, which lies inside of `depth` others. */
  protected abstract value(depth: number): void;

  /** The byte at the position, which moves on. */
  protected byte(): number {
    const byte = this.bytes[this.position];
    if (byte === undefined) throw truncated();
    this.position++;
    return byte;
  }

  /** An unsigned big-endian number of 1, 2 or 4 bytes. */
  protected uint(size: number): number {
    if (size === 1) return this.byte();
    const start = this.skip(size);
    return size === 2 ? this.bytes.readUInt16BE(start) : this.bytes.readUInt32BE(start);
  }

  /** @returns where the skipped bytes begin */
  protected skip(length: number): number {
    const start = this.position;
    this.requireBytes(length);
    this.position = start + length;
    return start;
  }

  /** @throws {DecodeError} if the datagram is too short to hold `length` more bytes */
  protected requireBytes(length: number): void {
    if (length > this.bytes.length - this.position) throw truncated();
  }

  /** Guards a container about to be entered, whose content takes at least `minBytes`. */
  protected enter(depth: number, minBytes: number): void {
    if (depth >= MAX_NESTING) throw tooDeep();
    this.requireBytes(minBytes);
  }

  /** Guards the entry about to be added to a map that has `length` of them. */
  protected enterEntry(length: number): void {
    checkFieldCount(length + 1);
    this.charge(ENTRY_COST);
  }

  /** Takes from the budget for what is about to be built. */
  protected charge(cost: number): void {
    this.#budget -= cost;
    if (this.#budget < 0) throw new DecodeError(sentence("decode.too-costly"));
  }

  protected skipText(length: number): void {
    const start = this.skip(length);
    for (let i = start; i < this.position; i++) {
      if ((this.bytes[i] as number) < NON_ASCII) continue;
      if (isUtf8(this.bytes.subarray(start, this.position))) return;
      throw new DecodeError(sentence("decode.bad-text"));
    }
  }

  protected skipKeyText(length: number): void {
    const start = this.position;
    this.skipText(length);
    if (length === PROTO_KEY.length && PROTO_KEY.equals(this.bytes.subarray(start, this.position))) {
      throw protoName();
    }
  }
}

function truncated(): DecodeError {
  return new DecodeError(sentence("decode.truncated"));
}
