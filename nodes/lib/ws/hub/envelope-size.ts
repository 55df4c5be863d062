import { sentence } from "../../text/sentence";
import { type EncodedPayload, PayloadError } from "./payload";

/** A string of JavaScript can hold twice as much. */
const MAX_ENVELOPE_BYTES = 256 * 1024 * 1024;
/** A control character becomes `\u0000`. */
const MAX_GROWTH_OF_TEXT = 6;
const GROWTH_OF_BINARY = 4 / 3;
/** Bytes that a character grows by in a JSON string, by its code; no other character does. */
const GROWTH = new Uint8Array(0x5d);
GROWTH.fill("\\u0000".length - 1, 0, 0x20);
for (const character of '\b\t\n\f\r"\\') GROWTH[character.charCodeAt(0)] = 1;

// biome-ignore lint/suspicious/noControlCharactersInRegex: those that take six
const GROWING_MOST = /[\u0000-\u0007\u000b\u000e-\u001f]/;

/**
 * Any reading may be sent as an envelope, whether its publisher wants it or a client, and there text and binary take more.
 * @param length bytes of the payload, framed
 * @param logBytes an envelope may be twice as large
 * @throws {PayloadError} for a payload whose envelope would be too large
 */
export function checkEnvelope({ kind, body }: EncodedPayload, length: number, logBytes: number): void {
  if (kind === "json") return;
  const max = Math.min(2 * logBytes, MAX_ENVELOPE_BYTES);
  const most = length * (kind === "binary" ? GROWTH_OF_BINARY : MAX_GROWTH_OF_TEXT);
  if (most <= max) return;
  // Most texts have none of those, and to look for them takes a tenth of the time that counting takes.
  if (kind === "text" && 2 * length <= max && !GROWING_MOST.test(inBytes(body))) return;
  const bytes = Math.ceil(kind === "binary" ? most : length + growthOf(inBytes(body)));
  if (bytes > max) throw new PayloadError(sentence("broadcast.larger-than-envelope", { bytes, max }));
}

/** What grows is the same in any encoding. */
function inBytes(text: string | Buffer): string {
  return typeof text === "string" ? text : text.toString("latin1");
}

/** Bytes that a text grows by as a JSON string. */
function growthOf(text: string): number {
  let growth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < GROWTH.length) growth += GROWTH[code] as number;
  }
  return growth;
}
