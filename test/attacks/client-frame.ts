import type { Socket } from "node:net";
import { OPCODE } from "../../nodes/lib/ws/hub/frames/frames";

const CLOSE_TIMEOUT_MS = 3000;

export interface ClientFrame {
  readonly opcode: number;
  readonly payload?: Buffer | string;
  /** Default: the last one of its message. */
  readonly fin?: boolean;
  /** The three reserved bits, 0 to 7. */
  readonly reserved?: number;
  /** Default: masked, as a client has to. */
  readonly masked?: boolean;
  /** What the header says instead of the length of the payload. */
  readonly claimedLength?: number;
}

/** The bytes of a frame, be it legal or not. The mask is all zeros. */
export function clientFrame(frame: ClientFrame): Buffer {
  const { opcode, fin = true, reserved = 0, masked = true } = frame;
  const payload = Buffer.from(frame.payload ?? "");
  const length = frame.claimedLength ?? payload.length;
  const maskBit = masked ? 0x80 : 0;
  const header = Buffer.alloc(length < 126 ? 2 : length < 65536 ? 4 : 10);
  header[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  if (length < 126) header[1] = maskBit | length;
  else if (length < 65536) {
    header[1] = maskBit | 126;
    header.writeUInt16BE(length, 2);
  } else {
    header[1] = maskBit | 127;
    header.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([header, Buffer.alloc(masked ? 4 : 0), payload]);
}

/**
 * Reads until the server hangs up.
 * @returns the code of its close frame, or `undefined` when it sent none
 */
export function closeCodeOf(socket: Socket): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const timer = setTimeout(() => reject(new Error("the server does not hang up")), CLOSE_TIMEOUT_MS);
    socket.on("data", (data: Buffer) => {
      received = Buffer.concat([received, data]);
    });
    socket.once("close", () => {
      clearTimeout(timer);
      resolve(closeCodeIn(received));
    });
    socket.resume();
  });
}

function closeCodeIn(frames: Buffer): number | undefined {
  for (let offset = 0; offset + 2 <= frames.length; ) {
    const opcode = frames.readUInt8(offset) & 0x0f;
    const short = frames.readUInt8(offset + 1);
    const [start, length] =
      short < 126
        ? [offset + 2, short]
        : short === 126
          ? [offset + 4, frames.readUInt16BE(offset + 2)]
          : [offset + 10, Number(frames.readBigUInt64BE(offset + 2))];
    if (opcode === OPCODE.close) return length >= 2 ? frames.readUInt16BE(start) : 1005;
    offset = start + length;
  }
  return undefined;
}
