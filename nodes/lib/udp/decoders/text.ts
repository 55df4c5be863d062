import type { Decoder } from "./decoder";
import { checkReadingCount } from "./limits";
import { readUtf8 } from "./utf8";

/** One reading per line. Blank lines carry none, unless there is nothing else: then the one reading is `""`. */
export const decodeText: Decoder = (datagram) => splitLines(readUtf8(datagram));

/** @throws {DecodeError} for too many lines */
export function splitLines(text: string): readonly string[] {
  if (!text.includes("\n")) return [withoutReturn(text)];
  const lines: string[] = [];
  for (const raw of text.split("\n")) {
    const line = withoutReturn(raw);
    if (line === "") continue;
    checkReadingCount(lines);
    lines.push(line);
  }
  return lines.length === 0 ? [""] : lines;
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
