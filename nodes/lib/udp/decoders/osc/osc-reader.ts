import { isUtf8 } from "node:buffer";
import { sentence } from "../../../text/sentence";
import { DecodeError } from "../decoder";

/** Everything in OSC takes a multiple of so many bytes. */
const ALIGNMENT = 4;

/** A position in a datagram, and an end that nothing is read beyond, which is that of the bundle's element. */
export class OscReader {
  readonly bytes: Buffer;
  #position = 0;
  #end: number;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.#end = bytes.length;
  }

  get position(): number {
    return this.#position;
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#end;
  }

  /** What `read` reads of the next `length` bytes, none of which it may leave. */
  within<Result>(length: number, read: () => Result): Result {
    const end = this.#end;
    this.#require(length);
    this.#end = this.#position + length;
    const result = read();
    if (!this.isAtEnd) throw new DecodeError(sentence("decode.osc-rest"));
    this.#end = end;
    return result;
  }

  /** @returns where the skipped bytes begin */
  skip(length: number): number {
    const start = this.#position;
    this.#require(length);
    this.#position += length;
    return start;
  }

  /** Bytes of a length that is not aligned, and the padding behind them. */
  blob(length: number): Buffer {
    this.#require(length);
    const start = this.skip(aligned(length));
    return this.bytes.subarray(start, start + length);
  }

  /** Text up to a zero byte, and the padding behind it. */
  text(): string {
    const start = this.#position;
    const end = this.bytes.indexOf(0, start);
    if (end === -1 || end >= this.#end) throw truncated();
    this.skip(aligned(end + 1 - start));
    const text = this.bytes.subarray(start, end);
    if (!isUtf8(text)) throw new DecodeError(sentence("decode.bad-text"));
    return text.toString("utf8");
  }

  /** Whether the next bytes are these; they are not read. */
  startsWith(bytes: Buffer): boolean {
    const end = this.#position + bytes.length;
    return end <= this.#end && bytes.equals(this.bytes.subarray(this.#position, end));
  }

  /** @throws {DecodeError} if there are not `length` more bytes */
  #require(length: number): void {
    if (length > this.#end - this.#position) throw truncated();
  }
}

function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

function truncated(): DecodeError {
  return new DecodeError(sentence("decode.truncated"));
}
