import { protoName } from "./limits";

/** What a reading made of named values is. Never has a key `__proto__` of its own. */
export type Reading = Record<string, unknown>;

/**
 * Sets a key that came from a sender.
 * @throws {DecodeError} for `__proto__`, which would replace the prototype here or in whoever copies the reading
 */
export function setKey(reading: Reading, key: string, value: unknown): void {
  if (key === "__proto__") throw protoName();
  reading[key] = value;
}
