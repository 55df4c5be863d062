import { MAX_NESTING } from "../../reading/limits";
import { sentence } from "../../text/sentence";
import { DecodeError } from "./decoder";

/** A datagram of one-byte readings would otherwise become 65 507 messages, and the event loop stand still for a second. */
export const MAX_READINGS = 4096;

/** Guards `readings` before one more is added. @throws {DecodeError} when there are too many */
export function checkReadingCount(readings: readonly unknown[]): void {
  if (readings.length >= MAX_READINGS) throw tooManyReadings();
}

export function tooManyReadings(): DecodeError {
  return new DecodeError(sentence("decode.too-many-readings", { max: MAX_READINGS }));
}

export function tooDeep(): DecodeError {
  return new DecodeError(sentence("decode.too-deep", { max: MAX_NESTING }), "depth");
}

export function protoName(): DecodeError {
  return new DecodeError(sentence("decode.proto-name", { name: "__proto__" }));
}
