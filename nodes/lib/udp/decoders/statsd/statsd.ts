import { quote } from "../../../text/quote";
import { sentence } from "../../../text/sentence";
import { DecodeError, type Decoder, locate } from "../decoder";
import { checkFieldCount, checkReadingCount } from "../limits";
import { type Reading, setKey } from "../record";
import { readUtf8 } from "../utf8";
import { type StatsdKind, type StatsdValue, statsdKind, statsdRate, statsdValue } from "./statsd-value";

/** One value of a metric. `tags` without a value are `true`. */
export type StatsdReading = { readonly metric: string } & StatsdKind & StatsdValue & Extensions;

/** What follows the type. */
interface Extensions {
  /** Of how many events this is one: 0.1 for one in ten. The value is as it was sent. */
  readonly rate?: number;
  readonly tags?: Readonly<Reading>;
  /** Milliseconds since 1970. */
  readonly timestamp?: number;
}

const UNIX_SECONDS = /^\d{1,11}$/;
/** Of containers, and whatever else has a name of its own: left out. */
const NAMED = /^[a-z]+:/;
/** Of all readings of one line, each of which has all of them. */
const MAX_TAGS = 16_384;

/**
 * Reads StatsD, one reading per value: `api.requests:3|c|@0.1`, and as DogStatsD extends it: `|#env:live,new`, several
 * values (`load:1:2|g`), and `|T` with the time in seconds. Its events and service checks are no readings.
 * Sources: https://github.com/statsd/statsd/blob/master/docs/metric_types.md and
 * https://docs.datadoghq.com/developers/dogstatsd/datagram_shell/
 */
export const decodeStatsd: Decoder = (datagram) => {
  const readings: StatsdReading[] = [];
  const text = readUtf8(datagram);
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start);
    const line = text.slice(start, end === -1 ? undefined : end);
    try {
      readLine(line.trimEnd(), readings);
    } catch (error) {
      throw locate(error, start);
    }
    start += line.length + 1;
  }
  if (readings.length === 0) throw new DecodeError(sentence("decode.no-statsd-line"));
  return readings;
};

function readLine(line: string, readings: StatsdReading[]): void {
  if (line === "") return;
  const colon = line.indexOf(":");
  const [written = "", letters, ...rest] = line.slice(colon + 1).split("|");
  if (colon < 1 || letters === undefined) throw new DecodeError(sentence("decode.statsd-line", { text: quote(line) }));
  const metric = line.slice(0, colon);
  const kind = statsdKind(letters);
  const { tags, ...extensions } = readExtensions(rest);
  // What is counted in a set may have colons in it.
  const values = kind.type === "set" ? [written] : written.split(":");
  if (tags !== undefined && values.length * Object.keys(tags).length > MAX_TAGS) {
    throw new DecodeError(sentence("decode.too-costly"));
  }
  for (const text of values) {
    checkReadingCount(readings);
    const reading = { metric, ...kind, ...statsdValue(text, kind.type), ...extensions };
    // A flow may change one reading without changing the others.
    readings.push(tags === undefined ? reading : { ...reading, tags: { ...tags } });
  }
}

function readExtensions(parts: readonly string[]): Extensions {
  let extensions: Extensions = {};
  for (const part of parts) {
    const text = part.slice(1);
    if (part.startsWith("@")) extensions = { ...extensions, rate: statsdRate(text) };
    else if (part.startsWith("#")) extensions = { ...extensions, tags: readTags(text) };
    else if (part.startsWith("T") && UNIX_SECONDS.test(text)) {
      extensions = { ...extensions, timestamp: Number(text) * 1000 };
    } else if (!NAMED.test(part)) throw new DecodeError(sentence("decode.statsd-part", { text: quote(part) }));
  }
  return extensions;
}

function readTags(text: string): Reading {
  const tags: Reading = {};
  let count = 0;
  for (const tag of text.split(",")) {
    if (tag === "") continue;
    checkFieldCount(++count);
    const colon = tag.indexOf(":");
    if (colon === -1) setKey(tags, tag, true);
    else setKey(tags, tag.slice(0, colon), tag.slice(colon + 1));
  }
  return tags;
}
