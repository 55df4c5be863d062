import { DecodeError } from "./decoder";

/** Arrays and objects inside one another, as in every other format and in what the broadcaster accepts. */
export const MAX_DEPTH = 32;

/** A datagram of one-byte readings would otherwise become 65 507 messages, and the event loop stand still for a second. */
export const MAX_READINGS = 4096;

/** Guards `readings` before one more is added. @throws {DecodeError} when the datagram holds too many */
export function checkReadingCount(readings: readonly unknown[]): void {
  if (readings.length >= MAX_READINGS) throw new DecodeError(`the datagram holds more than ${MAX_READINGS} readings`);
}
