import { constants, inflateRawSync } from "node:zlib";
import type { FrameSink } from "../../nodes/lib/ws/hub/frame-sink";

const RSV1 = 0x40;
const DEFLATE_TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);
/** Of the window that the server may use. */
const WINDOW_BITS = 12;

export interface Frame {
  readonly opcode: number;
  /** Only where it is. */
  readonly isCompressed?: true;
  readonly payload: Buffer;
}

/** The frames in a stretch of server-to-client bytes; throws on anything but whole, unmasked, unfragmented frames. */
export function parseFrames(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const first = bytes.readUInt8(offset);
    const short = bytes.readUInt8(offset + 1);
    if ((first & 0xb0) !== 0x80 || short > 127) throw new Error(`no whole frame at ${offset}`);
    const header = short < 126 ? 2 : short === 126 ? 4 : 10;
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(offset + 2) : bytes.readUIntBE(offset + 4, 6);
    const end = offset + header + length;
    if (end > bytes.length) throw new Error(`a frame ends at ${end}, behind the ${bytes.length} bytes written`);
    frames.push({
      opcode: first & 0xf,
      ...((first & RSV1) !== 0 && { isCompressed: true }),
      payload: bytes.subarray(offset + header, end),
    });
    offset = end;
  }
  return frames;
}

/** A socket that takes what it is given at once, or, while it is stalled, when told to. */
export class FakeFrameSink implements FrameSink {
  isStalled = false;
  copies = false;
  /** Takes compressed frames, and keeps them decompressed. */
  inflates = false;
  /** Of all frames that it has taken. */
  bytes = 0;
  readonly frames: Frame[] = [];
  writes = 0;
  /** What was written while it was stalled, as it was given. */
  readonly written: Buffer[] = [];
  /** The last of what was compressed: what follows may refer to it. */
  #window = Buffer.alloc(0);
  readonly #waiting: Buffer[] = [];
  #whenTaken: (() => void)[] = [];

  get writableLength(): number {
    return this.#waiting.reduce((bytes, frames) => bytes + frames.length, 0);
  }

  /** What was written and not taken. */
  get held(): Buffer[] {
    return [...this.#waiting];
  }

  write(frames: Buffer): boolean {
    this.writes++;
    this.#waiting.push(frames);
    if (this.isStalled) this.written.push(frames);
    else this.#takeAll();
    return !this.isStalled;
  }

  whenTaken(run: () => void): void {
    this.#whenTaken.push(run);
  }

  /** Takes everything that waits. */
  drain(): void {
    this.#takeAll();
    const runs = this.#whenTaken;
    this.#whenTaken = [];
    for (const run of runs) run();
  }

  #takeAll(): void {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.bytes += next.length;
      this.frames.push(...parseFrames(next).map((frame) => this.#decompressed(frame)));
    }
  }

  #decompressed(frame: Frame): Frame {
    if (!frame.isCompressed) return frame;
    if (!this.inflates || frame.opcode > 2) throw new Error("a compressed frame for who cannot take it");
    const payload = inflateRawSync(Buffer.concat([frame.payload, DEFLATE_TAIL]), {
      windowBits: WINDOW_BITS,
      finishFlush: constants.Z_SYNC_FLUSH,
      ...(this.#window.length > 0 && { dictionary: this.#window }),
    });
    this.#window = Buffer.concat([this.#window, payload]).subarray(-(2 ** WINDOW_BITS));
    return { ...frame, payload };
  }

  /** The texts received so far. */
  get texts(): string[] {
    return this.frames.filter(({ opcode }) => opcode === 1).map(({ payload }) => payload.toString());
  }

  /** The data of the pings received so far. */
  get pings(): Buffer[] {
    return this.frames.filter(({ opcode }) => opcode === 9).map(({ payload }) => payload);
  }
}
