import { sentence } from "../../text/sentence";
import { DecodeError, type Decoder } from "./decoder";
import { createInfluxDecoder, looksLikeInflux } from "./influx/influx";
import type { InfluxOptions } from "./influx/influx-options";
import { JsonSyntaxError, parseReadings } from "./json/json";
import { createNmeaDecoder, looksLikeNmea } from "./nmea/nmea";
import { splitLines } from "./text";
import { readUtf8 } from "./utf8";

/** What JSON can begin with. Anything else is text, without the cost of a failed parse. */
const JSON_START = /^\s*(["[{\d-]|true\b|false\b|null\b)/;
/** What is meant as JSON: an object or an array with a beginning of its first element. `{21.5}` and `[INFO] up` are not. */
const MEANT_AS_JSON =
  /^\s*(?:\{\s*(?:["}]|$)|\[\s*(?:[[{"\]]|$|(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)\s*(?:[,\]]|$)))/;

/**
 * The first of these that all of the datagram is: JSON (one value, or one per line), NMEA sentences of which the first has
 * a checksum, line protocol of which the first line has a tag or a timestamp, lines of text. A number is JSON (`21.5`) unless
 * JSON would not write it so (`007`, `+5`, `21,5`): that is text.
 * Refused: an empty datagram, one that is not UTF-8, JSON that format `json` refuses for another reason than syntax, and what
 * was meant as JSON and is none, such as a truncated object: whoever expects JSON could do nothing with it.
 */
export function createAutoDecoder(options: InfluxOptions): Decoder {
  const decodeNmea = createNmeaDecoder();
  const decodeInflux = createInfluxDecoder(options);
  return (datagram) => {
    const text = readUtf8(datagram);
    if (text.trim() === "") throw new DecodeError(sentence("decode.empty"));
    const readings =
      (JSON_START.test(text) ? jsonUnlessText(text) : undefined) ??
      (looksLikeNmea(datagram) ? unlessRefused(() => decodeNmea(datagram)) : undefined) ??
      (looksLikeInflux(text) ? unlessRefused(() => decodeInflux(datagram)) : undefined);
    return readings ?? splitLines(text);
  };
}

/** @throws {DecodeError} for what was meant as JSON and is none */
function jsonUnlessText(text: string): readonly unknown[] | undefined {
  try {
    return parseReadings(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    if (MEANT_AS_JSON.test(text)) throw new JsonSyntaxError(sentence("decode.broken-json", { reason: error.sentence }));
    return undefined;
  }
}

/** What `attempt` returns, or `undefined` for what the format refuses. */
function unlessRefused(attempt: () => readonly unknown[]): readonly unknown[] | undefined {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
