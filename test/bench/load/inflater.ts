import { constants, inflateRawSync } from "node:zlib";

/** What a sender leaves out at the end of a message (RFC 7692, 7.2.1). */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);
const MAX_WINDOW_BITS = 15;

/** Decompresses the messages of one connection, of which each may refer to those before. Synchronous, so that ages are true. */
export class Inflater {
  readonly #windowBytes: number;
  #window: Buffer = Buffer.alloc(0);

  /** @param windowBits what the server said of its window, if anything */
  constructor(windowBits = MAX_WINDOW_BITS) {
    this.#windowBytes = 2 ** windowBits;
  }

  /** @throws {Error} if the message does not follow from those before */
  inflate(payload: Buffer): Buffer {
    const dictionary = this.#window.length === 0 ? undefined : this.#window;
    const message = inflateRawSync(Buffer.concat([payload, TAIL]), {
      finishFlush: constants.Z_SYNC_FLUSH,
      ...(dictionary && { dictionary }),
    });
    this.#window = Buffer.concat([this.#window, message]).subarray(-this.#windowBytes);
    return message;
  }
}
