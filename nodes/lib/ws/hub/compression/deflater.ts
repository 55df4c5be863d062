import { constants, createDeflateRaw, type DeflateRaw, deflateRawSync, inflateRawSync } from "node:zlib";

/** Of the sliding window: Python's `websockets` demands no more than 12, unless it is told otherwise. */
export const WINDOW_BITS = 12;
/** With so small a window the higher level costs hardly more than the lowest, and a higher `memLevel` brings nothing. */
const OPTIONS = { level: 6, memLevel: 5, windowBits: WINDOW_BITS };
const { Z_SYNC_FLUSH } = constants;
/** What a sync flush ends with, and RFC 7692, section 7.2.1, has left out. */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);
/** So much of what came before can still be referred to, where zlib is told it anew for each message. */
const MAX_DICTIONARY_BYTES = 1024;

/** Compresses messages one after the other, each with what the ones before have in common with it: RFC 7692 with context takeover. */
export interface Deflater {
  /** @param message not empty @returns the payload of its frame, valid until the next call */
  deflate(message: Buffer): Buffer;
  /** Nothing that follows refers to what came before. */
  reset(): void;
  close(): void;
}

/** What of Node's zlib streams is private. */
interface Internals {
  readonly _handle?: {
    writeSync(flush: number, ...buffers: [Buffer, number, number, Buffer, number, number]): void;
  };
  /** Bytes that the last write has left: of room for output, and of input. */
  readonly _writeState?: Uint32Array;
}

/** Node has no public way to write to a zlib stream and get the result at once: this one is tried out before it is used. */
export class StreamDeflater implements Deflater {
  readonly #stream: DeflateRaw = createDeflateRaw(OPTIONS);
  #output = Buffer.allocUnsafe(4 * 1024);
  #error: Error | undefined;

  constructor() {
    this.#stream.on("error", (error) => {
      this.#error = error;
    });
  }

  /** @throws if zlib fails: then the stream is of no use any more */
  deflate(message: Buffer): Buffer {
    const needed = message.length + (message.length >> 2) + 64;
    if (this.#output.length < needed) this.#output = Buffer.allocUnsafe(2 ** Math.ceil(Math.log2(needed)));
    const output = this.#output;
    const { _handle: handle, _writeState: state } = this.#stream as unknown as Internals;
    if (handle === undefined || state === undefined) throw new Error("zlib has no stream");
    handle.writeSync(Z_SYNC_FLUSH, message, 0, message.length, output, 0, output.length);
    const [outputLeft = 0, inputLeft = 1] = state;
    const end = output.length - outputLeft - TAIL.length;
    const isWhole =
      inputLeft === 0 && outputLeft > 0 && end > 0 && TAIL.equals(output.subarray(end, end + TAIL.length));
    if (this.#error !== undefined || !isWhole)
      throw new Error("zlib did not compress a message", { cause: this.#error });
    return output.subarray(0, end);
  }

  reset(): void {
    this.#stream.reset();
  }

  close(): void {
    this.#stream.close();
  }
}

/** Has zlib begin anew with each message, and tells it the last ones: public, but it takes some five times as long. */
export class DictionaryDeflater implements Deflater {
  #recent = Buffer.alloc(0);

  deflate(message: Buffer): Buffer {
    const dictionary = this.#recent.length === 0 ? {} : { dictionary: this.#recent };
    const compressed = deflateRawSync(message, { ...OPTIONS, finishFlush: Z_SYNC_FLUSH, ...dictionary });
    this.#recent = Buffer.concat([this.#recent, message]).subarray(-MAX_DICTIONARY_BYTES);
    return compressed.subarray(0, -TAIL.length);
  }

  reset(): void {
    this.#recent = Buffer.alloc(0);
  }

  close(): void {}
}

let canStream: boolean | undefined;

export function createDeflater(): Deflater {
  canStream ??= streamsWork();
  return canStream ? new StreamDeflater() : new DictionaryDeflater();
}

/** Whether this Node has what a `StreamDeflater` needs, and it does what is expected. */
export function streamsWork(create: () => Deflater = () => new StreamDeflater()): boolean {
  const message = Buffer.from("one message like another");
  try {
    const deflater = create();
    const first = Buffer.concat([deflater.deflate(message), TAIL]);
    const second = Buffer.concat([deflater.deflate(message), TAIL]);
    deflater.reset();
    const third = Buffer.concat([deflater.deflate(message), TAIL]);
    deflater.close();
    return (
      second.length < first.length &&
      inflated(first, second, third).equals(Buffer.concat([message, message, message])) &&
      inflated(third).equals(message)
    );
  } catch {
    return false;
  }
}

function inflated(...parts: readonly Buffer[]): Buffer {
  return inflateRawSync(Buffer.concat(parts), { windowBits: WINDOW_BITS, finishFlush: Z_SYNC_FLUSH });
}
