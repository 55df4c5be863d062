import { fromBigInt } from "../scalar";
import type { NumberType } from "./struct-type";

type Read = (bytes: Buffer, offset: number) => number | bigint | boolean;

const LITTLE_ENDIAN: Readonly<Record<NumberType, Read>> = {
  u8: (bytes, offset) => bytes.readUInt8(offset),
  i8: (bytes, offset) => bytes.readInt8(offset),
  u16: (bytes, offset) => bytes.readUInt16LE(offset),
  i16: (bytes, offset) => bytes.readInt16LE(offset),
  u32: (bytes, offset) => bytes.readUInt32LE(offset),
  i32: (bytes, offset) => bytes.readInt32LE(offset),
  u64: (bytes, offset) => bytes.readBigUInt64LE(offset),
  i64: (bytes, offset) => bytes.readBigInt64LE(offset),
  f32: (bytes, offset) => bytes.readFloatLE(offset),
  f64: (bytes, offset) => bytes.readDoubleLE(offset),
  bool: (bytes, offset) => bytes[offset] !== 0,
};

const BIG_ENDIAN: Readonly<Record<NumberType, Read>> = {
  ...LITTLE_ENDIAN,
  u16: (bytes, offset) => bytes.readUInt16BE(offset),
  i16: (bytes, offset) => bytes.readInt16BE(offset),
  u32: (bytes, offset) => bytes.readUInt32BE(offset),
  i32: (bytes, offset) => bytes.readInt32BE(offset),
  u64: (bytes, offset) => bytes.readBigUInt64BE(offset),
  i64: (bytes, offset) => bytes.readBigInt64BE(offset),
  f32: (bytes, offset) => bytes.readFloatBE(offset),
  f64: (bytes, offset) => bytes.readDoubleBE(offset),
};

/** How a number is stored, and what it is multiplied by. */
export interface NumberFormat {
  readonly type: NumberType;
  readonly endianness: "little" | "big";
  readonly scale: number;
}

/**
 * Compiles the reading of a number at an offset. A 64-bit integer that a number does not hold exactly comes as its digits,
 * unless it is scaled.
 */
export function numberReader({ type, endianness, scale }: NumberFormat): (bytes: Buffer, offset: number) => unknown {
  const read = (endianness === "big" ? BIG_ENDIAN : LITTLE_ENDIAN)[type];
  const rescale = rescaling(scale);
  return (bytes, offset) => {
    const raw = read(bytes, offset);
    if (typeof raw === "boolean") return raw;
    if (typeof raw === "number") return rescale(raw);
    return rescale === unscaled ? fromBigInt(raw) : rescale(Number(raw));
  };
}

function unscaled(value: number): number {
  return value;
}

/** Scales such as 0.1 are inexact, their inverses are not: 3 / 10 is 0.3, where 3 * 0.1 is 0.30000000000000004. */
export function rescaling(scale: number): (value: number) => number {
  if (scale === 1) return unscaled;
  const divisor = Math.round(1 / scale);
  if (Math.abs(divisor) > 1 && 1 / divisor === scale) return (value) => value / divisor;
  return (value) => value * scale;
}
