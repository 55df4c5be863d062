/** Frames on a pipe: the length of what follows, u32; a type, u8; the content. */
const HEADER_BYTES = 5;

export function pipeFrame(type: number, content: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + content.length);
  startFrame(frame, 0, { type, contentLength: content.length });
  content.copy(frame, HEADER_BYTES);
  return frame;
}

export function pipeMessage(type: number, message: unknown): Buffer {
  return pipeFrame(type, Buffer.from(JSON.stringify(message)));
}

/** @returns the offset of the content */
export function startFrame(
  target: Buffer,
  offset: number,
  { type, contentLength }: { readonly type: number; readonly contentLength: number },
): number {
  target.writeUInt32LE(contentLength + 1, offset);
  target[offset + 4] = type;
  return offset + HEADER_BYTES;
}

export function frameLength(contentLength: number): number {
  return HEADER_BYTES + contentLength;
}

/** Takes what comes out of a pipe, piece by piece, and gives whole frames; their content is valid for the time of the call. */
export class PipeReader {
  readonly #onFrame: (type: number, content: Buffer) => void;
  #pieces: Buffer[] = [];
  #held = 0;
  /** How many bytes there must be to go on. */
  #needed = HEADER_BYTES;

  constructor(onFrame: (type: number, content: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  push(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#held += piece.length;
    if (this.#held < this.#needed) return;
    const bytes = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces);
    let offset = 0;
    this.#needed = HEADER_BYTES;
    while (bytes.length - offset >= HEADER_BYTES) {
      const end = offset + HEADER_BYTES - 1 + bytes.readUInt32LE(offset);
      if (end > bytes.length) {
        this.#needed = end - offset;
        break;
      }
      this.#onFrame(bytes[offset + 4] as number, bytes.subarray(offset + HEADER_BYTES, end));
      offset = end;
    }
    this.#held = bytes.length - offset;
    this.#pieces = this.#held === 0 ? [] : [bytes.subarray(offset)];
  }
}
