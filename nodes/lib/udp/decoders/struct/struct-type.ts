/** The types of the fields of a binary record, as they are written. Both the editor and the runtime read them, so nothing here needs Node. */

/** Bytes that a number of each type takes. */
export const NUMBER_BYTES = {
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  u64: 8,
  i64: 8,
  f32: 4,
  f64: 8,
  bool: 1,
} as const;

export type NumberType = keyof typeof NUMBER_BYTES;

/** Unsigned numbers of which bits can be fields. */
export type BitsType = "u8" | "u16" | "u32";

/** What can be written as a type: a number, some bits of one, text, bytes that do not matter, or bytes that must be there. */
export type StructType =
  | { readonly kind: "number"; readonly type: NumberType; readonly bytes: number }
  | { readonly kind: "bits"; readonly type: BitsType; readonly bytes: number; readonly length: number }
  | { readonly kind: "text"; readonly bytes: number }
  | { readonly kind: "padding"; readonly bytes: number }
  | { readonly kind: "constant"; readonly bytes: number; readonly hex: string }
  /** What follows repeats until the end of the datagram. */
  | { readonly kind: "repeat"; readonly bytes: 0 };

/** One of each, for whoever has to choose. */
export const STRUCT_TYPES: readonly string[] = [
  ...Object.keys(NUMBER_BYTES),
  "u8:1",
  "u16:4",
  "text:8",
  "pad:1",
  "const:55aa",
  "repeat",
];

const BITS = /^(u8|u16|u32):(\d{1,2})$/;
const BYTES = /^(text|pad):(\d{1,5})$/;
const CONSTANT = /^const:((?:[\da-f]{2} ?)+)$/i;
const MAX_BYTES = 65_507;

/** @returns undefined for what is no type */
export function parseStructType(written: unknown): StructType | undefined {
  if (typeof written !== "string") return undefined;
  const text = written.trim();
  if (Object.hasOwn(NUMBER_BYTES, text)) {
    const type = text as NumberType;
    return { kind: "number", type, bytes: NUMBER_BYTES[type] };
  }
  if (text === "repeat") return { kind: "repeat", bytes: 0 };
  return parseBits(text) ?? parseBytes(text) ?? parseConstant(text);
}

function parseBits(text: string): StructType | undefined {
  const [, base, digits] = BITS.exec(text) ?? [];
  if (base === undefined) return undefined;
  const type = base as BitsType;
  const bytes = NUMBER_BYTES[type];
  const length = Number(digits);
  return length >= 1 && length <= bytes * 8 ? { kind: "bits", type, bytes, length } : undefined;
}

function parseBytes(text: string): StructType | undefined {
  const [, kind, digits] = BYTES.exec(text) ?? [];
  const bytes = Number(digits);
  if (kind === undefined || bytes < 1 || bytes > MAX_BYTES) return undefined;
  return { kind: kind === "text" ? "text" : "padding", bytes };
}

function parseConstant(text: string): StructType | undefined {
  const [, digits] = CONSTANT.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const hex = digits.replaceAll(" ", "").toLowerCase();
  return { kind: "constant", bytes: hex.length / 2, hex };
}
