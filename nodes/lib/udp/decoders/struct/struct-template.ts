import { type Accepted, ConfigError, type Field } from "../../../config/fields";
import { type MessageKey, sentence } from "../../../text/sentence";
import { parseStructType, type StructType } from "./struct-type";

/** The options of the `struct` format. Both the editor and the runtime read them, so nothing here needs Node. */

/** One row of the description of a binary record. */
export type StructField = StructType & {
  /** Empty for what is no value: padding, a repetition, most constants. */
  readonly name: string;
  /** Bytes from the beginning of the record; of what is repeated, from the beginning of the repetition. */
  readonly offset: number;
  readonly endianness: "little" | "big";
  /** What the raw value of a number is multiplied by. */
  readonly scale: number;
  /** Goes into the reading, as `units: { [name]: unit }`. */
  readonly unit: string;
  /** Of bits: how far they are from the lowest one of their number. */
  readonly shift: number;
};

/** The columns of the editor's table. */
type Column = "name" | "type" | "offset" | "endianness" | "scale" | "unit";

/** What the editor's table saves for a row. Without an offset the value follows the one of the row before. */
export type SavedStructField = { readonly [K in Column]?: string | number };

const MAX_FIELDS = 256;
const MAX_DATAGRAM_BYTES = 65_507;
/** The field of a reading that holds the units of the others. */
export const UNITS = "units";

/** The node's property that holds the template. */
export const structTemplate: Field<readonly StructField[], readonly SavedStructField[]> = {
  default: [],
  parse: parseStructTemplate,
};

/**
 * Reads a template as saved by the editor, or as its JSON.
 * @returns a field for every row, in order
 * @throws {ConfigError} for the first row that is not accepted
 */
export function parseStructTemplate(saved: unknown, property: string): readonly StructField[] {
  const rows = typeof saved === "string" ? parseJson(saved, property) : saved;
  const refuse = (value: unknown, accepted: Accepted) => new ConfigError(property, value, accepted);
  if (!Array.isArray(rows)) throw refuse(saved, sentence("decode.accept-record"));
  if (rows.length > MAX_FIELDS) throw refuse(rows.length, sentence("decode.accept-record-size", { max: MAX_FIELDS }));
  const fields: StructField[] = [];
  for (const row of rows) fields.push(parseRow(row, { property, number: fields.length + 1, before: fields.at(-1) }));
  checkNames(fields, refuse);
  checkRepetition(fields, refuse);
  return fields;
}

type Refuse = (value: unknown, accepted: Accepted) => ConfigError;

function checkNames(fields: readonly StructField[], refuse: Refuse): void {
  const names = new Set<string>();
  if (fields.some(({ unit }) => unit !== "")) names.add(UNITS);
  for (const { name } of fields) {
    if (name === "") continue;
    if (names.has(name)) throw refuse(name, sentence("decode.accept-record-names"));
    names.add(name);
  }
  if (fields.length > 0 && fields.every(({ name }) => name === "")) {
    throw refuse(fields.length, sentence("decode.accept-record-value"));
  }
}

function checkRepetition(fields: readonly StructField[], refuse: Refuse): void {
  const repetitions = fields.filter(({ kind }) => kind === "repeat");
  if (repetitions.length > 1 || fields.at(-1)?.kind === "repeat") {
    throw refuse("repeat", sentence("decode.accept-record-repeat"));
  }
}

function parseJson(saved: string, property: string): unknown {
  if (saved.trim() === "") return [];
  try {
    return JSON.parse(saved);
  } catch {
    throw new ConfigError(property, saved, sentence("decode.accept-record-json"));
  }
}

/** A row's place: its number, from 1 on, and the field of the row before. */
interface Place {
  readonly property: string;
  readonly number: number;
  readonly before: StructField | undefined;
}

function parseRow(row: unknown, { property, number, before }: Place): StructField {
  const saved: { readonly [K in Column]?: unknown } = typeof row === "object" && row !== null ? row : {};
  const name = typeof saved.name === "string" ? saved.name.trim() : "";
  const refuse = (value: unknown, key: MessageKey, values: Record<string, number> = {}) =>
    new ConfigError(property, value, sentence(key, { number, name, ...values }));

  const type = parseStructType(saved.type);
  const isValue = type === undefined || ["number", "bits", "text"].includes(type.kind);
  if ((isValue && name === "") || name === "__proto__") throw refuse(row, "decode.accept-record-name");
  if (type === undefined) throw refuse(saved.type, "decode.accept-record-type");
  const endianness = saved.endianness ?? "little";
  if (endianness !== "little" && endianness !== "big") throw refuse(endianness, "decode.accept-record-endianness");
  const shared = sharedBits(type, endianness, before);
  const offset = isEmpty(saved.offset) ? (shared?.offset ?? endOf(before)) : toNumber(saved.offset);
  const max = MAX_DATAGRAM_BYTES - type.bytes;
  if (!Number.isInteger(offset) || offset < 0 || offset > max) {
    throw refuse(saved.offset, "decode.accept-record-offset", { max });
  }
  const scale = isEmpty(saved.scale) ? 1 : toNumber(saved.scale);
  if (!Number.isFinite(scale) || scale === 0) throw refuse(saved.scale, "decode.accept-record-scale");
  const unit = isValue && typeof saved.unit === "string" ? saved.unit.trim() : "";
  const used = shared?.offset === offset ? shared.used : 0;
  const isNamed = type.kind !== "padding" && type.kind !== "repeat";
  return {
    ...type,
    name: isNamed ? name : "",
    offset,
    endianness,
    scale,
    unit,
    shift: shiftOf(type, endianness, used),
  };
}

/** Where a field without an offset begins. */
function endOf(before: StructField | undefined): number {
  if (before === undefined || before.kind === "repeat") return 0;
  return before.offset + before.bytes;
}

/**
 * Bits share a number with those of the row before if there is room left in it. They are taken from the lowest on, of big
 * endian numbers from the highest on, as compilers lay them out.
 * @returns where that number is, and how many of its bits are taken
 */
function sharedBits(
  type: StructType,
  endianness: "little" | "big",
  before: StructField | undefined,
): { readonly offset: number; readonly used: number } | undefined {
  if (type.kind !== "bits" || before?.kind !== "bits") return undefined;
  if (before.type !== type.type || before.endianness !== endianness) return undefined;
  const used = endianness === "little" ? before.shift + before.length : type.bytes * 8 - before.shift;
  return used + type.length <= type.bytes * 8 ? { offset: before.offset, used } : undefined;
}

function shiftOf(type: StructType, endianness: "little" | "big", used: number): number {
  if (type.kind !== "bits") return 0;
  return endianness === "little" ? used : type.bytes * 8 - used - type.length;
}

function isEmpty(saved: unknown): boolean {
  return saved === undefined || saved === null || (typeof saved === "string" && saved.trim() === "");
}

function toNumber(saved: unknown): number {
  return typeof saved === "number" || typeof saved === "string" ? Number(saved) : Number.NaN;
}
