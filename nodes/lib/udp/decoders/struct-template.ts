import { ConfigError, type Field } from "../../config/fields";

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
  if (!Array.isArray(rows)) throw new ConfigError(property, saved, "a list of fields");
  if (rows.length > MAX_FIELDS) throw new ConfigError(property, rows.length, `a list of at most ${MAX_FIELDS} fields`);
  const fields: StructField[] = [];
  const names = new Set<string>();
  let next = 0;
  for (const row of rows) {
    const field = parseRow(row, { property, number: fields.length + 1, next });
    if (names.has(field.name)) throw new ConfigError(property, field.name, "a list of fields with different names");
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
    throw new ConfigError(property, saved, "a list of fields as JSON");
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
    throw new ConfigError(property, row, `a list in which field ${number} has a name`);

  const refuse = (column: string, accepted: string, value: unknown) =>
    new ConfigError(property, value, `a list in which the ${column} of field ${number} (${name}) is ${accepted}`);
  if (!isStructType(saved.type)) throw refuse("type", `one of ${STRUCT_TYPES.join(", ")}`, saved.type);
  const endianness = saved.endianness ?? "little";
  if (endianness !== "little" && endianness !== "big") throw refuse("endianness", "little or big", endianness);
  const offset = isEmpty(saved.offset) ? next : toNumber(saved.offset);
  const maxOffset = MAX_DATAGRAM_BYTES - STRUCT_TYPE_BYTES[saved.type];
  if (!Number.isInteger(offset) || offset < 0 || offset > maxOffset) {
    throw refuse("offset", `empty or a whole number from 0 to ${maxOffset}`, saved.offset);
  }
  const scale = isEmpty(saved.scale) ? 1 : toNumber(saved.scale);
  if (!Number.isFinite(scale) || scale === 0) throw refuse("scale", "empty or a number other than 0", saved.scale);
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
