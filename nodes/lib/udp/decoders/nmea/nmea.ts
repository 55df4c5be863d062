import { sentence } from "../../../text/sentence";
import { DecodeError, type Decoder, locate } from "../decoder";
import { checkReadingCount } from "../limits";
import { PARSERS } from "./parsers";
import { parseSentence } from "./sentence";

export { looksLikeNmea } from "./sentence";

/**
 * Reads NMEA 0183 sentences, one reading per line: `{ talker: "GP", sentence: "GGA", fields: [...], latitude, ... }`.
 * What the common sentences say is parsed beside their raw fields, the others (AIS among them) have those alone.
 * Checksums are verified where there are any.
 */
export function createNmeaDecoder(): Decoder {
  return (datagram) => {
    const readings: unknown[] = [];
    // The standard is ASCII; devices that go beyond it send Latin-1.
    const text = datagram.toString("latin1");
    let start = 0;
    for (const raw of text.split("\n")) {
      const line = raw.trim();
      if (line !== "") {
        checkReadingCount(readings);
        readings.push(readSentence(line, start));
      }
      start += raw.length + 1;
    }
    if (readings.length === 0) throw new DecodeError(sentence("decode.no-nmea-line"));
    return readings;
  };
}

/** @param start where the line is, in characters of the text */
function readSentence(line: string, start: number): unknown {
  try {
    const parsed = parseSentence(line);
    const parser = parsed.talker === "P" ? undefined : PARSERS.get(parsed.sentence);
    // Not a spread: that one costs 9 us.
    return parser === undefined ? parsed : Object.assign(parsed, parser(parsed.fields));
  } catch (error) {
    throw locate(error, start);
  }
}
