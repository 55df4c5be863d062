import { MAX_READINGS } from "../../../reading/limits";
import { sentence } from "../../../text/sentence";
import { DecodeError, type Decoder } from "../decoder";
import { tooManyReadings } from "../limits";
import { toPlainValue } from "../plain-value";
import type { Scan } from "./byte-scan";

/** A library's part in reading a binary format. */
export interface BinaryFormat {
  readonly name: string;
  /** Refuses what `decode` must not see. @throws {DecodeError} */
  scan(datagram: Buffer): Scan;
  /** Builds one value out of exactly the bytes given. May throw anything. */
  decode(bytes: Buffer): unknown;
  /** The content of a value of a class of the library that only wraps it, else `undefined`. */
  unwrap(value: object): unknown;
}

/** A decoder that scans first, then lets a library build the values. Values that follow one another are a reading each. */
export function createBinaryDecoder(format: BinaryFormat): Decoder {
  return (datagram) => {
    const { ends, isPlain } = format.scan(datagram);
    if (ends.length > MAX_READINGS) throw tooManyReadings();
    let start = 0;
    return ends.map((end) => {
      const bytes = ends.length === 1 ? datagram : datagram.subarray(start, end);
      start = end;
      const value = build(format, bytes);
      return isPlain ? value : toPlainValue(value, format.unwrap);
    });
  };
}

function build(format: BinaryFormat, bytes: Buffer): unknown {
  try {
    return format.decode(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DecodeError(sentence("decode.not-format", { format: format.name, reason }));
  }
}
