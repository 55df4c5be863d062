import { type Accepted, ConfigError, type Field } from "../../config/fields";
import { sentence } from "../../text/sentence";

/** The options of the `struct` format. Both the editor and the runtime read them, so nothing here needs Node. */

/** Bytes that a value of each type takes. */
export const STRUCT_TYPE_BYTES = {
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

export type StructType = keyof typeof STRUCT_TYPE_BYTES;

export const STRUCT_TYPES = Object.keys(STRUCT_TYPE_BYTES) as readonly StructType[];

/** One value of a binary record. */
export interface StructField {
  readonly name: string;
  readonly type: StructType;
  /** Bytes from the beginning of the datagram. */
  readonly offset: number;
  readonly endianness: "little" | "big";
  /** What the raw value is multiplied by. */
  readonly scale: number;
  /** For the reader of the template only. */
  readonly unit: string;
}

/** What the editor's table saves for a row. Without an offset the value follows the one of the row before. */
export type SavedStructField = { readonly [K in keyof StructField]?: string | number };

const MAX_FIELDS = 256;
const MAX_DATAGRAM_BYTES = 65_507;

/** The node's property that holds the template. */
export const structTemplate: Field<readonly StructField[], readonly SavedStructField[]> = {
  default: [],
  parse: parseStructTemplate,
};

/**
 * Reads a template as saved by the editor, or as its JSON.
 * @throws {ConfigError} for the first row that is not accepted
 */
export function parseStructTemplate(saved: unknown, property: string): readonly StructField[] {
  const rows = typeof saved === "string" ? parseJson(saved, property) : saved;
  if (!Array.isArray(rows)) throw new ConfigError(property, saved, sentence("decode.accept-record"));
  if (rows.length > MAX_FIELDS)
    throw new ConfigError(property, rows.length, sentence("decode.accept-record-size", { max: MAX_FIELDS }));
  const fields: StructField[] = [];
  const names = new Set<string>();
  let next = 0;
  for (const row of rows) {
    const field = parseRow(row, { property, number: fields.length + 1, next });
    if (names.has(field.name)) throw new ConfigError(property, field.name, sentence("decode.accept-record-names"));
    names.add(field.name);
    next = field.offset + STRUCT_TYPE_BYTES[field.type];
    fields.push(field);
  }
  return fields;
}

function parseJson(saved: string, property: string): unknown {
  if (saved.trim() === "") return [];
  try {
    return JSON.parse(saved);
  } catch {
    throw new ConfigError(property, saved, sentence("decode.accept-record-json"));
  }
}

/** A row's place: its number, and the offset behind the row before. */
interface Place {
  readonly property: string;
  readonly number: number;
  readonly next: number;
}

function parseRow(row: unknown, { property, number, next }: Place): StructField {
  const saved: { readonly [K in keyof StructField]?: unknown } = typeof row === "object" && row !== null ? row : {};
  const name = typeof saved.name === "string" ? saved.name.trim() : "";
  if (name === "" || name === "__proto__")
    throw new ConfigError(property, row, sentence("decode.accept-record-name", { number }));

  const refuse = (value: unknown, accepted: Accepted) => new ConfigError(property, value, accepted);
  if (!isStructType(saved.type))
    throw refuse(saved.type, sentence("decode.accept-record-type", { number, name, types: STRUCT_TYPES.join(", ") }));
  const endianness = saved.endianness ?? "little";
  if (endianness !== "little" && endianness !== "big")
    throw refuse(endianness, sentence("decode.accept-record-endianness", { number, name }));
  const offset = isEmpty(saved.offset) ? next : toNumber(saved.offset);
  const maxOffset = MAX_DATAGRAM_BYTES - STRUCT_TYPE_BYTES[saved.type];
  if (!Number.isInteger(offset) || offset < 0 || offset > maxOffset) {
    throw refuse(saved.offset, sentence("decode.accept-record-offset", { number, name, max: maxOffset }));
  }
  const scale = isEmpty(saved.scale) ? 1 : toNumber(saved.scale);
  if (!Number.isFinite(scale) || scale === 0)
    throw refuse(saved.scale, sentence("decode.accept-record-scale", { number, name }));
  const unit = typeof saved.unit === "string" ? saved.unit.trim() : "";
  return { name, type: saved.type, offset, endianness, scale, unit };
}

function isStructType(type: unknown): type is StructType {
  return STRUCT_TYPES.some((accepted) => accepted === type);
}

function isEmpty(saved: unknown): boolean {
  return saved === undefined || saved === null || (typeof saved === "string" && saved.trim() === "");
}

function toNumber(saved: unknown): number {
  return typeof saved === "number" || typeof saved === "string" ? Number(saved) : Number.NaN;
}
