import { fromIso8601 } from "../../time/iso-8601";
import { compileFieldPath } from "./field-path";

/**
 * A number's unit is told by its magnitude, as seconds, milli-, micro- and nanoseconds of any year from 1973 to 5138 do
 * not overlap. Smaller numbers are no time: they are uptime counters more often than readings of 1970.
 */
const MIN_SECONDS = 1e8;
const MIN_MILLISECONDS = 1e11;
const MIN_MICROSECONDS = 1e14;
const MIN_NANOSECONDS = 1e17;
const MAX_NANOSECONDS = 1e20;

const NUMERIC = /^\d{9,20}(?:\.\d+)?$/;

/**
 * Milliseconds since 1970 of a time that a sensor sent, or `undefined` when `value` is no time. Accepts seconds, milli-,
 * micro- or nanoseconds since 1970 as a number or its text, and ISO 8601; a time without zone is taken as UTC, since
 * what a sensor knows of this machine's zone is nothing.
 */
export function readTime(value: unknown): number | undefined {
  if (typeof value === "number") return fromNumber(value);
  if (typeof value !== "string" || value.length > 40) return undefined;
  const text = value.trim();
  return NUMERIC.test(text) ? fromNumber(Number(text)) : fromIso8601(text);
}

/**
 * Compiles the name of the field that holds a reading's own time.
 * @returns what `readTime` makes of it; for an empty name, the timestamp that line protocol, StatsD or OSC has for it
 */
export function compileTimeField(name: string): (reading: unknown) => number | undefined {
  if (name === "") return timestampOf;
  const fieldOf = compileFieldPath(name);
  return (reading) => readTime(fieldOf(reading));
}

/** Of a reading of such a format, in ms; earlier times than `readTime` knows come of a unit or a clock that is set wrong. */
function timestampOf(reading: unknown): number | undefined {
  if (typeof reading !== "object" || reading === null) return undefined;
  const { timestamp, measurement, fields, metric, type, address } = reading as Readonly<Record<string, unknown>>;
  if (typeof timestamp !== "number" || timestamp < MIN_SECONDS * 1e3) return undefined;
  const isLineProtocol = typeof measurement === "string" && typeof fields === "object";
  const isStatsd = typeof metric === "string" && typeof type === "string";
  const isOsc = typeof address === "string" && address.startsWith("/");
  return isLineProtocol || isStatsd || isOsc ? Math.floor(timestamp) : undefined;
}

function fromNumber(value: number): number | undefined {
  if (!(value >= MIN_SECONDS && value < MAX_NANOSECONDS)) return undefined;
  if (value < MIN_MILLISECONDS) return Math.floor(value * 1e3);
  if (value < MIN_MICROSECONDS) return Math.floor(value);
  if (value < MIN_NANOSECONDS) return Math.floor(value / 1e3);
  return Math.floor(value / 1e6);
}
