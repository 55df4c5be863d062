import { sentence } from "../../text/sentence";
import { DecodeError } from "./decoder";
import { fromBigInt } from "./scalar";

/**
 * Turns what a binary format's library made into what JSON and every Node-RED node can hold, in place: dates to ISO 8601,
 * 64-bit integers to numbers where exact and else to digits, sets and typed arrays to arrays, `undefined` to `null`.
 * Byte strings stay Buffers. Recursive: the scan before has bounded the depth.
 * @param unwrap the content of a value of a class that only wraps it, or `undefined` for any other
 * @throws {DecodeError} for an instance of any other class
 */
export function toPlainValue(value: unknown, unwrap: (value: object) => unknown): unknown {
  if (typeof value === "bigint") return fromBigInt(value);
  if (value === undefined) return null;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = toPlainValue(value[i], unwrap);
    return value;
  }
  if (Buffer.isBuffer(value)) return value;
  if (value instanceof Date) return toIsoTime(value);
  if (value instanceof Set) return toPlainValue([...value], unwrap);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const elements: Iterable<number | bigint> = value as Uint8Array | BigInt64Array;
    return Array.from(elements, (element) => (typeof element === "bigint" ? fromBigInt(element) : element));
  }
  if (Object.getPrototypeOf(value) === Object.prototype) {
    const object = value as Record<string, unknown>;
    for (const key of Object.keys(object)) object[key] = toPlainValue(object[key], unwrap);
    return object;
  }
  const content = unwrap(value);
  if (content === undefined) throw new DecodeError(sentence("decode.bad-kind"));
  return toPlainValue(content, unwrap);
}

function toIsoTime(date: Date): string {
  if (Number.isNaN(date.getTime())) throw new DecodeError(sentence("decode.bad-time"));
  return date.toISOString();
}
