import { MAX_NESTING, MAX_READINGS } from "../../reading/limits";
import { sentence } from "../../text/sentence";
import { DecodeError } from "./decoder";

/** Guards `readings` before one more is added. @throws {DecodeError} when there are too many */
export function checkReadingCount(readings: readonly unknown[]): void {
  if (readings.length >= MAX_READINGS) throw tooManyReadings();
}

export function tooManyReadings(max = MAX_READINGS): DecodeError {
  return new DecodeError(sentence("decode.too-many-readings", { max }));
}

/** An object of more names than that is rebuilt as a hash table again and again while it grows. */
const MAX_FIELDS = 4096;

/** Guards an object before it has `count` fields. @throws {DecodeError} when those are too many */
export function checkFieldCount(count: number): void {
  if (count > MAX_FIELDS) throw new DecodeError(sentence("decode.too-many-fields", { max: MAX_FIELDS }));
}

export function tooDeep(): DecodeError {
  return new DecodeError(sentence("decode.too-deep", { max: MAX_NESTING }), "depth");
}

export function protoName(): DecodeError {
  return new DecodeError(sentence("decode.proto-name", { name: "__proto__" }));
}
