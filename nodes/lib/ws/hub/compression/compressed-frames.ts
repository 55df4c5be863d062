import { frame, RSV1, readHeader } from "../frames/frames";
import type { Deflater } from "./deflater";

/** The same frames with their payloads compressed; empty ones stay as they are, which has no effect on what follows. */
export function compressedFrames(frames: Buffer, deflater: Deflater): Buffer {
  const compressed: Buffer[] = [];
  for (let offset = 0; offset < frames.length; ) {
    const { opcode, bodyStart, end } = readHeader(frames, offset);
    compressed.push(
      bodyStart === end
        ? frames.subarray(offset, end)
        : frame(RSV1 | opcode, deflater.deflate(frames.subarray(bodyStart, end))),
    );
    offset = end;
  }
  return Buffer.concat(compressed);
}
