/** Server-to-client frames of RFC 6455: never masked, never fragmented. */
export const OPCODE = { text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const;

const FIN = 0x80;
/** Set in the first byte of a compressed message, beside its opcode. */
export const RSV1 = 0x40;

/** Bytes that the header of a frame with so many bytes of payload takes. */
export function headerLength(payloadLength: number): number {
  return payloadLength < 126 ? 2 : payloadLength < 65536 ? 4 : 10;
}

/** Bytes of payload in a whole frame of so many bytes. */
export function payloadLengthIn(frameLength: number): number {
  return frameLength - (frameLength < 128 ? 2 : frameLength < 65540 ? 4 : 10);
}

export interface FrameHeader {
  readonly opcode: number;
  readonly payloadLength: number;
}

/** Where the parts of a frame are that was written by `writeHeader`. */
export function readHeader(frames: Buffer, offset: number): { opcode: number; bodyStart: number; end: number } {
  const short = frames[offset + 1] as number;
  const bodyStart = offset + (short < 126 ? 2 : short === 126 ? 4 : 10);
  const length =
    short < 126 ? short : short === 126 ? frames.readUInt16BE(offset + 2) : frames.readUIntBE(offset + 4, 6);
  return { opcode: (frames[offset] as number) & ~FIN, bodyStart, end: bodyStart + length };
}

/** @returns the offset after the header */
export function writeHeader(target: Buffer, offset: number, { opcode, payloadLength }: FrameHeader): number {
  target[offset] = FIN | opcode;
  if (payloadLength < 126) {
    target[offset + 1] = payloadLength;
    return offset + 2;
  }
  if (payloadLength < 65536) {
    target[offset + 1] = 126;
    target[offset + 2] = payloadLength >>> 8;
    target[offset + 3] = payloadLength & 0xff;
    return offset + 4;
  }
  target[offset + 1] = 127;
  target.writeUIntBE(0, offset + 2, 2);
  target.writeUIntBE(payloadLength, offset + 4, 6);
  return offset + 10;
}

export function frame(opcode: number, payload: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(headerLength(payload.length) + payload.length);
  payload.copy(framed, writeHeader(framed, 0, { opcode, payloadLength: payload.length }));
  return framed;
}

/** A ping without data. */
export const PING = frame(OPCODE.ping, Buffer.alloc(0));
