import { type Sentence, sentence } from "../../text/sentence";

/** The part of a `dgram.Socket` that has a receive buffer. */
export interface BufferedSocket {
  setRecvBufferSize(bytes: number): void;
  getRecvBufferSize(): number;
}

/** Linux reports twice what it granted, the other half being its own bookkeeping: socket(7), SO_RCVBUF. */
const REPORTED_PER_GRANTED = process.platform === "linux" ? 2 : 1;
const SMALLEST_REQUEST_BYTES = 4096;

/**
 * Asks for a receive buffer. Linux grants less than asked without a word; other systems refuse a size over their limit,
 * so there the request is halved until it is taken.
 * @returns the bytes granted
 */
export function growReceiveBuffer(socket: BufferedSocket, wantedBytes: number): number {
  for (let bytes = wantedBytes; bytes >= SMALLEST_REQUEST_BYTES; bytes = Math.floor(bytes / 2)) {
    if (accepts(socket, bytes)) break;
  }
  return Math.floor(socket.getRecvBufferSize() / REPORTED_PER_GRANTED);
}

function accepts(socket: BufferedSocket, bytes: number): boolean {
  try {
    socket.setRecvBufferSize(bytes);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param asked bytes, as `granted`
 * @returns how a user gets what was asked for, or `undefined` if it was granted; Linux alone says how
 */
export function clampWarning(asked: number, granted: number, platform = process.platform): Sentence | undefined {
  if (granted >= asked || platform !== "linux") return undefined;
  return sentence("socket.buffer-clamped", { granted, asked });
}
