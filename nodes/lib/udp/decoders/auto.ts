import { DecodeError, type Decoder } from "./decoder";
import { JsonSyntaxError, parseReadings } from "./json";
import { splitLines } from "./text";
import { readUtf8 } from "./utf8";

/** What JSON can begin with. Anything else is text, without the cost of a failed parse. */
const JSON_START = /^\s*(["[{\d-]|true\b|false\b|null\b)/;

/**
 * JSON if all of it parses (one value, or one per line), else text.
 * Refused: an empty datagram, one that is not UTF-8, and JSON that format `json` refuses for another reason than syntax.
 */
export const decodeAuto: Decoder = (datagram) => {
  const text = readUtf8(datagram);
  if (text.trim() === "") throw new DecodeError("the datagram is empty");
  if (!JSON_START.test(text)) return splitLines(text);
  try {
    return parseReadings(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return splitLines(text);
    throw error;
  }
};
