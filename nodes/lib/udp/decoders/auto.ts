import { sentence } from "../../text/sentence";
import { DecodeError, type Decoder } from "./decoder";
import { createInfluxDecoder, looksLikeInflux } from "./influx";
import type { InfluxOptions } from "./influx-options";
import { JsonSyntaxError, parseReadings } from "./json";
import { createNmeaDecoder, looksLikeNmea } from "./nmea";
import { splitLines } from "./text";
import { readUtf8 } from "./utf8";

/** What JSON can begin with. Anything else is text, without the cost of a failed parse. */
const JSON_START = /^\s*(["[{\d-]|true\b|false\b|null\b)/;

/**
 * The first of these that all of the datagram is: JSON (one value, or one per line), NMEA sentences of which the first has
 * a checksum, line protocol of which the first line has a tag or a timestamp, lines of text.
 * Refused: an empty datagram, one that is not UTF-8, and JSON that format `json` refuses for another reason than syntax.
 */
export function createAutoDecoder(options: InfluxOptions): Decoder {
  const decodeNmea = createNmeaDecoder();
  const decodeInflux = createInfluxDecoder(options);
  return (datagram) => {
    const text = readUtf8(datagram);
    if (text.trim() === "") throw new DecodeError(sentence("decode.empty"));
    const readings =
      (JSON_START.test(text) ? unless(JsonSyntaxError, () => parseReadings(text)) : undefined) ??
      (looksLikeNmea(datagram) ? unless(DecodeError, () => decodeNmea(datagram)) : undefined) ??
      (looksLikeInflux(text) ? unless(DecodeError, () => decodeInflux(datagram)) : undefined);
    return readings ?? splitLines(text);
  };
}

/** What `attempt` returns, or `undefined` if it throws an error of the class. */
function unless<T>(refusal: abstract new (...args: never[]) => Error, attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof refusal) return undefined;
    throw error;
  }
}
