import { sentence } from "../../text/sentence";
import { DecodeError, type Decoder, locate } from "./decoder";
import type { Reading } from "./record";
import { fromBigInt } from "./scalar";
import { STRUCT_TYPE_BYTES, type StructField, type StructType } from "./struct-template";

type Read = (datagram: Buffer, offset: number) => number | bigint | boolean;

const LITTLE_ENDIAN: Readonly<Record<StructType, Read>> = {
  u8: (datagram, offset) => datagram.readUInt8(offset),
  i8: (datagram, offset) => datagram.readInt8(offset),
  u16: (datagram, offset) => datagram.readUInt16LE(offset),
  i16: (datagram, offset) => datagram.readInt16LE(offset),
  u32: (datagram, offset) => datagram.readUInt32LE(offset),
  i32: (datagram, offset) => datagram.readInt32LE(offset),
  u64: (datagram, offset) => datagram.readBigUInt64LE(offset),
  i64: (datagram, offset) => datagram.readBigInt64LE(offset),
  f32: (datagram, offset) => datagram.readFloatLE(offset),
  f64: (datagram, offset) => datagram.readDoubleLE(offset),
  bool: (datagram, offset) => datagram[offset] !== 0,
};

const BIG_ENDIAN: Readonly<Record<StructType, Read>> = {
  ...LITTLE_ENDIAN,
  u16: (datagram, offset) => datagram.readUInt16BE(offset),
  i16: (datagram, offset) => datagram.readInt16BE(offset),
  u32: (datagram, offset) => datagram.readUInt32BE(offset),
  i32: (datagram, offset) => datagram.readInt32BE(offset),
  u64: (datagram, offset) => datagram.readBigUInt64BE(offset),
  i64: (datagram, offset) => datagram.readBigInt64BE(offset),
  f32: (datagram, offset) => datagram.readFloatBE(offset),
  f64: (datagram, offset) => datagram.readDoubleBE(offset),
};

/** A field of the template, made ready to be read. */
interface Reader {
  readonly name: string;
  readonly offset: number;
  readonly read: Read;
  readonly rescale: (value: number) => number;
}

/**
 * Reads one binary record per datagram: `{ [name]: value * scale }`. A 64-bit integer that a number does not hold exactly
 * comes as its digits, unless it is scaled. Bytes behind the last field are ignored, so that a sender may grow its record.
 * @param template of at least one field
 */
export function createStructDecoder(template: readonly StructField[]): Decoder {
  const readers = template.map(compile);
  const minBytes = Math.max(...template.map((field) => field.offset + STRUCT_TYPE_BYTES[field.type]));
  return (datagram) => {
    if (datagram.length < minBytes) {
      const short = sentence("decode.record-too-short", { bytes: datagram.length, needed: minBytes });
      throw locate(new DecodeError(short), datagram.length);
    }
    const reading: Reading = {};
    for (const { name, offset, read, rescale } of readers) {
      const raw = read(datagram, offset);
      if (typeof raw === "boolean") reading[name] = raw;
      else if (typeof raw === "number") reading[name] = rescale(raw);
      else reading[name] = rescale === unscaled ? fromBigInt(raw) : rescale(Number(raw));
    }
    return [reading];
  };
}

function compile(field: StructField): Reader {
  const read = (field.endianness === "big" ? BIG_ENDIAN : LITTLE_ENDIAN)[field.type];
  return { name: field.name, offset: field.offset, read, rescale: rescaling(field.scale) };
}

function unscaled(value: number): number {
  return value;
}

/** Scales such as 0.1 are inexact, their inverses are not: 3 / 10 is 0.3, where 3 * 0.1 is 0.30000000000000004. */
function rescaling(scale: number): (value: number) => number {
  if (scale === 1) return unscaled;
  const divisor = Math.round(1 / scale);
  if (Math.abs(divisor) > 1 && 1 / divisor === scale) return (value) => value / divisor;
  return (value) => value * scale;
}
