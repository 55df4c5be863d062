import { MAX_READINGS } from "../../../reading/limits";
import { sentence } from "../../../text/sentence";
import { DecodeError, type Decoder } from "../decoder";
import { checkReadingCount, protoName, tooManyReadings } from "../limits";
import { readUtf8 } from "../utf8";
import { assertShallow } from "./json-depth";

/** Not JSON at all, unlike JSON that is refused. */
export class JsonSyntaxError extends DecodeError {}

/** A first line that looks like a whole object or array, as in newline-delimited JSON and unlike in indented JSON. */
const COMPLETE_FIRST_LINE = /^[ \t]*[{[].*[}\]][ \t]*\r?\n/;

/**
 * A JSON value is one reading, an array one per element, newline-delimited JSON those of each line.
 * A datagram is taken as a whole or not at all.
 */
export const decodeJson: Decoder = (datagram) => parseReadings(readUtf8(datagram));

/**
 * @throws {JsonSyntaxError} for text that is not JSON
 * @throws {DecodeError} for JSON that is nested too deep, holds a `__proto__` key or too many readings
 */
export function parseReadings(text: string): readonly unknown[] {
  if (!text.trim().includes("\n")) return parseWhole(text);
  // No text has a meaning both ways. The order spares the usual cases the cost of an exception.
  const [likely, other] = COMPLETE_FIRST_LINE.test(text) ? [parseLines, parseWhole] : [parseWhole, parseLines];
  try {
    return likely(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return rethrowing(error, () => other(text));
  }
}

/** Runs the second attempt, and blames the first if both find a syntax error. */
function rethrowing<T>(first: JsonSyntaxError, attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    throw error instanceof JsonSyntaxError ? first : error;
  }
}

function parseWhole(text: string): readonly unknown[] {
  const value = parseJson(text);
  if (!Array.isArray(value)) return [value];
  if (value.length > MAX_READINGS) throw tooManyReadings();
  return value;
}

function parseLines(text: string): readonly unknown[] {
  const readings: unknown[] = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    for (const reading of parseWhole(line)) {
      checkReadingCount(readings);
      readings.push(reading);
    }
  }
  return readings;
}

function parseJson(text: string): unknown {
  assertShallow(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new JsonSyntaxError(
      text === "" ? sentence("decode.empty") : sentence("decode.not-json", { reason: reasonOf(error) }),
    );
  }
  // An escape is the only other way to write the key.
  if (text.includes("__proto__") || text.includes("\\u")) assertNoProtoKey(value);
  return value;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * `JSON.parse` makes `__proto__` an ordinary own property, but whoever copies it by assignment downstream replaces a
 * prototype. The depth check before bounds the recursion.
 */
function assertNoProtoKey(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (Object.hasOwn(value, "__proto__")) throw protoName();
  for (const inner of Object.values(value)) assertNoProtoKey(inner);
}
