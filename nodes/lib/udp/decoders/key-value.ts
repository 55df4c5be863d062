import { quote } from "../../text/quote";
import { sentence } from "../../text/sentence";
import { DecodeError, type Decoder, locate } from "./decoder";
import { checkFieldCount, checkReadingCount } from "./limits";
import { type Reading, setKey } from "./record";
import { parseScalar } from "./scalar";
import { readUtf8 } from "./utf8";

/** Blanks around the `=` count as part of it only if there are some on both sides: `a= b=2` has an empty `a`. */
const PAIR =
  /([^\s=,;&"']+)(?:[ \t]+=[ \t]+|=)(?:"([^"\\]*(?:\\.[^"\\]*)*)"|'([^'\\]*(?:\\.[^'\\]*)*)'|([^\s,;&"']*))(?=[\s,;&]|$)/y;
const SEPARATORS = /[\s,;&]*/y;
const SHOWN_CHARACTERS = 40;

/**
 * Reads `name=value` pairs between spaces, commas, semicolons or ampersands, one reading per line: `{ [name]: value }`.
 * Numbers are numbers, nothing after the `=` is `null`, quoted values are text with `\"` for a quote.
 */
export function createKeyValueDecoder(): Decoder {
  return (datagram) => {
    const readings: Reading[] = [];
    const text = readUtf8(datagram);
    let start = 0;
    while (start < text.length) {
      const end = text.indexOf("\n", start);
      const line = text.slice(start, end === -1 ? undefined : end);
      if (line.trim() !== "") {
        checkReadingCount(readings);
        readings.push(parseLine(line, start));
      }
      start += line.length + 1;
    }
    if (readings.length === 0) throw new DecodeError(sentence("decode.no-pair-line"));
    return readings;
  };
}

/** @param start where the line is, in characters of the text */
function parseLine(line: string, start: number): Reading {
  const reading: Reading = {};
  let position = skipSeparators(line, 0);
  let count = 0;
  while (position < line.length) {
    PAIR.lastIndex = position;
    const pair = PAIR.exec(line);
    if (pair === null) {
      const shown = quote(line.slice(position, position + SHOWN_CHARACTERS));
      throw locate(new DecodeError(sentence("decode.bad-pair", { text: shown })), start + position);
    }
    checkFieldCount(++count);
    const [whole, name, doubleQuoted, singleQuoted, plain] = pair;
    const quoted = doubleQuoted ?? singleQuoted;
    setKey(reading, name as string, quoted === undefined ? toValue(plain as string) : withoutEscapes(quoted));
    position = skipSeparators(line, position + whole.length);
  }
  return reading;
}

function skipSeparators(line: string, position: number): number {
  SEPARATORS.lastIndex = position;
  return position + (SEPARATORS.exec(line)?.[0].length ?? 0);
}

function toValue(text: string): unknown {
  return text === "" ? null : parseScalar(text);
}

function withoutEscapes(quoted: string): string {
  return quoted.includes("\\") ? quoted.replace(/\\(.)/g, "$1") : quoted;
}
