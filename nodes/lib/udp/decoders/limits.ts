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

export function tooDeep(): DecodeError {
  return new DecodeError(sentence("decode.too-deep", { max: MAX_NESTING }), "depth");
}

export function protoName(): DecodeError {
  return new DecodeError(sentence("decode.proto-name", { name: "__proto__" }));
}
