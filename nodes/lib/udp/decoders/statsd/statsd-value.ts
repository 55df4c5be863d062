import { quote } from "../../../text/quote";
import { sentence } from "../../../text/sentence";
import { DecodeError } from "../decoder";

/** Kinds of metrics by the letters that stand for them; `h`, `d` and `m` are of those who extended StatsD. */
const TYPES = {
  c: "counter",
  g: "gauge",
  ms: "timer",
  s: "set",
  h: "histogram",
  d: "distribution",
  m: "meter",
} as const;

export type StatsdType = (typeof TYPES)[keyof typeof TYPES];

/** What is said of all values of a line at once. */
export interface StatsdKind {
  readonly type: StatsdType;
  /** Of a timer. */
  readonly unit?: "ms";
}

/** One value of a metric. */
export interface StatsdValue {
  /** Of a set, text: what is counted once. */
  readonly value: number | string;
  /** A gauge with a sign is changed by that value instead of set to it. */
  readonly change?: true;
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const SIGNED = /^[+-]/;

/** @throws {DecodeError} for letters that stand for nothing */
export function statsdKind(letters: string): StatsdKind {
  if (!Object.hasOwn(TYPES, letters)) throw new DecodeError(sentence("decode.statsd-type", { text: quote(letters) }));
  const type = TYPES[letters as keyof typeof TYPES];
  return type === "timer" ? { type, unit: "ms" } : { type };
}

/** @throws {DecodeError} for what is no number, unless it is of a set */
export function statsdValue(text: string, type: StatsdType): StatsdValue {
  if (type === "set" && text !== "") return { value: text };
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw new DecodeError(sentence("decode.statsd-value", { text: quote(text) }));
  return type === "gauge" && SIGNED.test(text) ? { value, change: true } : { value };
}

/** Of how many events one is reported: 0.1 for one in ten. @throws {DecodeError} unless it is above 0 and at most 1 */
export function statsdRate(text: string): number {
  const rate = NUMBER.test(text) ? Number(text) : 0;
  if (!(rate > 0 && rate <= 1)) throw new DecodeError(sentence("decode.statsd-rate", { text: quote(text) }));
  return rate;
}
