/** Server-to-client frames of RFC 6455: never masked, never fragmented. */
export const OPCODE = { text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const;

const FIN = 0x80;

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
