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

/** The template is not one. The message is a sentence that names the row. */
export class StructTemplateError extends Error {
  override readonly name = "StructTemplateError";
}

/**
 * @param saved rows as saved by the editor, or their JSON
 * @throws {StructTemplateError} for the first row that is not accepted
 */
export function parseStructTemplate(saved: unknown): readonly StructField[] {
  const rows = typeof saved === "string" ? parseJson(saved) : saved;
  if (!Array.isArray(rows)) throw new StructTemplateError("the template must be a list of fields");
  if (rows.length > MAX_FIELDS) throw new StructTemplateError(`the template must have at most ${MAX_FIELDS} fields`);
  const fields: StructField[] = [];
  const names = new Set<string>();
  let next = 0;
  rows.forEach((row: unknown, index) => {
    const field = parseRow(row, `field ${index + 1}`, next);
    if (names.has(field.name)) throw new StructTemplateError(`field ${index + 1}: the name ${field.name} is taken`);
    names.add(field.name);
    next = field.offset + STRUCT_TYPE_BYTES[field.type];
    if (next > MAX_DATAGRAM_BYTES) {
      throw new StructTemplateError(
        `field ${index + 1}: must end within the ${MAX_DATAGRAM_BYTES} bytes of a datagram`,
      );
    }
    fields.push(field);
  });
  return fields;
}

function parseJson(saved: string): unknown {
  if (saved.trim() === "") return [];
  try {
    return JSON.parse(saved);
  } catch {
    throw new StructTemplateError("the template must be a list of fields as JSON");
  }
}

function parseRow(row: unknown, where: string, next: number): StructField {
  if (typeof row !== "object" || row === null) throw new StructTemplateError(`${where}: must have a name and a type`);
  const saved: { readonly [K in keyof StructField]?: unknown } = row;
  const name = typeof saved.name === "string" ? saved.name.trim() : "";
  if (name === "" || name === "__proto__") throw new StructTemplateError(`${where}: must have a name`);
  const labelled = `${where} (${name})`;
  if (!isStructType(saved.type)) {
    throw refusal(labelled, "type", Object.keys(STRUCT_TYPE_BYTES).join(", "), saved.type);
  }
  const endianness = saved.endianness ?? "little";
  if (endianness !== "little" && endianness !== "big") {
    throw refusal(labelled, "endianness", "little or big", endianness);
  }
  const offset = isEmpty(saved.offset) ? next : toNumber(saved.offset);
  if (!Number.isInteger(offset) || offset < 0 || offset >= MAX_DATAGRAM_BYTES) {
    throw refusal(labelled, "offset", `empty or a whole number from 0 to ${MAX_DATAGRAM_BYTES - 1}`, saved.offset);
  }
  const scale = isEmpty(saved.scale) ? 1 : toNumber(saved.scale);
  if (!Number.isFinite(scale) || scale === 0) {
    throw refusal(labelled, "scale", "empty or a number other than 0", saved.scale);
  }
  const unit = typeof saved.unit === "string" ? saved.unit.trim() : "";
  return { name, type: saved.type, offset, endianness, scale, unit };
}

function isStructType(type: unknown): type is StructType {
  return typeof type === "string" && Object.hasOwn(STRUCT_TYPE_BYTES, type);
}

function isEmpty(saved: unknown): boolean {
  return saved === undefined || saved === null || (typeof saved === "string" && saved.trim() === "");
}

function toNumber(saved: unknown): number {
  return typeof saved === "number" || typeof saved === "string" ? Number(saved) : Number.NaN;
}

function refusal(where: string, property: string, accepted: string, value: unknown): StructTemplateError {
  return new StructTemplateError(`${where}: ${property} must be ${accepted}, not ${String(JSON.stringify(value))}`);
}
