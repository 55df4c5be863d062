import { quote } from "../../../text/quote";
import { sentence as said } from "../../../text/sentence";
import { DecodeError } from "../decoder";
import { checkFieldCount } from "../limits";

/** An NMEA 0183 sentence taken apart. Proprietary ones have the talker `P`; their type then begins with the maker's code. */
export interface NmeaSentence {
  readonly talker: string;
  readonly sentence: string;
  /** What stands between the commas, as sent. */
  readonly fields: readonly string[];
}

const TAG_BLOCK = /^\\[^\\]*\\/;
const SENTENCE = /^[$!](P|[A-Z0-9]{2})([A-Z][A-Z0-9]{2,7})(?:,([^*]*))?(?:\*([0-9A-Fa-f]{2}))?$/;
const UNMISTAKABLE = /^(?:\\[^\\\r\n]*\\)?[$!][A-Z][A-Z0-9]{3,9},[^*\r\n]*\*[0-9A-Fa-f]{2}\s*(?:\r?\n|$)/;
const LONGEST_SENTENCE = 1024;
const DOLLAR = 0x24;
const EXCLAMATION = 0x21;
const BACKSLASH = 0x5c;

/** Whether a datagram begins with an NMEA sentence that has a checksum, be the checksum right or not. */
export function looksLikeNmea(datagram: Buffer): boolean {
  const first = datagram[0];
  if (first !== DOLLAR && first !== EXCLAMATION && first !== BACKSLASH) return false;
  return UNMISTAKABLE.test(datagram.toString("latin1", 0, LONGEST_SENTENCE));
}

/**
 * Takes one line apart. A TAG block in front of the sentence is skipped, a checksum may be missing.
 * @throws {DecodeError} if the line is no sentence, or its checksum does not match
 */
export function parseSentence(line: string): NmeaSentence {
  const text = line.startsWith("\\") ? line.replace(TAG_BLOCK, "") : line;
  const parts = SENTENCE.exec(text);
  if (parts === null) throw new DecodeError(said("decode.bad-sentence", { text: quote(line) }));
  const [, talker, sentence, body, checksum] = parts;
  if (checksum !== undefined) checkSum(text, Number.parseInt(checksum, 16));
  const fields = body === undefined ? [] : body.split(",");
  checkFieldCount(fields.length);
  return { talker: talker as string, sentence: sentence as string, fields };
}

/** The checksum is the XOR of all characters between the first one and the asterisk. */
function checkSum(text: string, expected: number): void {
  let sum = 0;
  for (let i = 1; i < text.length - 3; i++) sum ^= text.charCodeAt(i);
  if (sum === expected) return;
  const values = { sentence: text.slice(0, 6), given: hex(expected), computed: hex(sum) };
  throw new DecodeError(said("decode.bad-checksum", values));
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, "0");
}
