const TEXT = 0x1;
const BINARY = 0x2;
/** RSV1: the first frame of a compressed message. */
const COMPRESSED = 0x40;

export interface FrameListener {
  /**
   * Called for every reading when present: costs the load process more than the counting.
   * @param isCompressed as permessage-deflate has it
   */
  reading?(bytes: Buffer, start: number, end: number, isCompressed: boolean): void;
  /** A ping, pong or close frame. */
  control(opcode: number, payload: Buffer): void;
}

/**
 * Counts the frames of a server by their headers alone. The load must be cheaper than what it loads, by far: payloads
 * are skipped, and only a frame that two chunks share is copied.
 */
export class FrameCounter {
  /** Data frames. */
  frames = 0;
  /** Of those, the compressed ones. */
  compressed = 0;
  /** Of all frames, with their headers. */
  bytes = 0;
  #carried: Buffer | undefined;

  constructor(private readonly listener: FrameListener) {}

  /** @param chunk may be reused by the caller afterwards */
  feed(chunk: Buffer): void {
    this.bytes += chunk.length;
    const bytes = this.#carried === undefined ? chunk : Buffer.concat([this.#carried, chunk]);
    const { length } = bytes;
    const { listener } = this;
    let frames = 0;
    let offset = 0;
    while (offset + 2 <= length) {
      let start = offset + 2;
      let payloadLength = bytes[offset + 1] as number;
      if (payloadLength > 125) {
        start += payloadLength === 126 ? 2 : 8;
        if (start > length) break;
        payloadLength = bytes.readUIntBE(payloadLength === 126 ? start - 2 : start - 6, payloadLength === 126 ? 2 : 6);
      }
      const end = start + payloadLength;
      if (end > length) break;
      const first = bytes[offset] as number;
      const opcode = first & 0xf;
      if (opcode === TEXT || opcode === BINARY) {
        const isCompressed = (first & COMPRESSED) !== 0;
        frames++;
        if (isCompressed) this.compressed++;
        listener.reading?.(bytes, start, end, isCompressed);
      } else {
        listener.control(opcode, Buffer.from(bytes.subarray(start, end)));
      }
      offset = end;
    }
    this.frames += frames;
    this.#carried = offset < length ? Buffer.from(bytes.subarray(offset)) : undefined;
  }
}
