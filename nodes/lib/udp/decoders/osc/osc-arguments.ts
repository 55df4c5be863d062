import { MAX_NESTING } from "../../../reading/limits";
import { quote } from "../../../text/quote";
import { sentence } from "../../../text/sentence";
import { DecodeError } from "../decoder";
import { checkFieldCount, tooDeep } from "../limits";
import { fromBigInt } from "../scalar";
import type { OscReader } from "./osc-reader";
import { oscTime } from "./osc-time";

/** Those of a reading, and the list that they are in. */
const LEVELS_AROUND = 2;
const MAX_CODE_POINT = 0x10ffff;
/** Digits that tell any two numbers of 32 bits apart that have so few. */
const SHORT_DIGITS = 7;

/** By the characters of a type tag: the four of OSC 1.0, then those that it lists as not standard, and that many send. */
const ARGUMENTS: Readonly<Record<string, (reader: OscReader) => unknown>> = {
  i: (reader) => reader.bytes.readInt32BE(reader.skip(4)),
  f: (reader) => shortest(reader.bytes.readFloatBE(reader.skip(4))),
  s: (reader) => reader.text(),
  b: (reader) => reader.blob(reader.bytes.readUInt32BE(reader.skip(4))),
  h: (reader) => fromBigInt(reader.bytes.readBigInt64BE(reader.skip(8))),
  d: (reader) => reader.bytes.readDoubleBE(reader.skip(8)),
  t: (reader) => isoTime(oscTime(reader.bytes, reader.skip(8))),
  S: (reader) => reader.text(),
  c: (reader) => characterOf(reader.bytes.readUInt32BE(reader.skip(4))),
  r: (reader) => `#${hexOf(reader)}`,
  m: (reader) => hexOf(reader),
  T: () => true,
  F: () => false,
  N: () => null,
  I: () => true,
};

/**
 * Reads the arguments of a message, the types of which stand before them.
 * @throws {DecodeError} also for a type that is not known, as nobody could tell where its value ends
 */
export function readOscArguments(reader: OscReader): unknown[] {
  const values: unknown[] = [];
  if (reader.isAtEnd) return values;
  const [comma, ...types] = reader.text();
  if (comma !== ",") throw new DecodeError(sentence("decode.osc-no-types"));
  checkFieldCount(types.length);
  const lists = [values];
  for (const type of types) {
    if (type === "[") open(lists);
    else if (type === "]") close(lists);
    else lists.at(-1)?.push(readArgument(reader, type));
  }
  if (lists.length !== 1) throw unbalanced();
  return values;
}

function readArgument(reader: OscReader, type: string): unknown {
  const read = ARGUMENTS[type];
  if (read === undefined) throw new DecodeError(sentence("decode.osc-type", { type: quote(type) }));
  return read(reader);
}

function open(lists: unknown[][]): void {
  if (lists.length + LEVELS_AROUND > MAX_NESTING) throw tooDeep();
  const list: unknown[] = [];
  lists.at(-1)?.push(list);
  lists.push(list);
}

function close(lists: unknown[][]): void {
  if (lists.length === 1) throw unbalanced();
  lists.pop();
}

function unbalanced(): DecodeError {
  return new DecodeError(sentence("decode.osc-brackets"));
}

/** The shortest number that has the same 32 bits: 21.7, where 32 bits are 21.700000762939453. */
function shortest(value: number): number {
  if (Number.isInteger(value)) return value;
  const short = Number(value.toPrecision(SHORT_DIGITS));
  return Math.fround(short) === value ? short : value;
}

function isoTime(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}

function characterOf(codePoint: number): string {
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  if (codePoint > MAX_CODE_POINT || isSurrogate) throw new DecodeError(sentence("decode.bad-text"));
  return String.fromCodePoint(codePoint);
}

function hexOf(reader: OscReader): string {
  const start = reader.skip(4);
  return reader.bytes.toString("hex", start, start + 4);
}
