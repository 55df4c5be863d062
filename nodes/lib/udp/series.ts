import { readTime } from "./decoders/time";

type Fields = Readonly<Record<string, unknown>>;

const TIME_OF_DAY = /^\d{1,2}:\d\d/;

/**
 * What tells the readings of one sensor from those of others where a format says it: of line protocol the measurement and
 * the values of its tags, by the names of the tags (`weather/attic`); of StatsD the metric and those of its tags; of OSC the
 * address; of NMEA 0183 the talker and the sentence (`GP/GGA`); of CSV without names of columns the first cell, if it is text and no time. Empty for any other reading.
 */
export function seriesOf(reading: unknown): string {
  if (!isFields(reading)) return "";
  const { measurement, tags, talker, sentence, fields, metric, type, address } = reading;
  if (typeof measurement === "string" && isFields(tags) && isFields(fields))
    return [measurement, ...valuesOf(tags)].join("/");
  if (typeof talker === "string" && typeof sentence === "string" && Array.isArray(fields))
    return `${talker}/${sentence}`;
  if (typeof metric === "string" && typeof type === "string")
    return [metric, ...(isFields(tags) ? valuesOf(tags) : [])].join("/");
  if (typeof address === "string" && address.startsWith("/") && ("value" in reading || "values" in reading))
    return address;
  const first = Object.hasOwn(reading, "1") ? reading["1"] : undefined;
  if (typeof first === "string" && readTime(first) === undefined && !TIME_OF_DAY.test(first)) return first;
  return "";
}

/** @returns values in the order of their names, which senders may write in any; a tag of StatsD may be a name alone */
function valuesOf(tags: Fields): string[] {
  return Object.keys(tags)
    .sort()
    .map((name) => (tags[name] === true ? name : String(tags[name])));
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
