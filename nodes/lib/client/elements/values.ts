/** One value of a reading. A reading that is an object has one for each field. */
export interface FieldValue {
  /** Empty for the reading itself, or for its field `value`; else the way to the field, such as `engine.rpm`. */
  readonly field: string;
  /** Number, boolean, text, `null`, bytes, or an array. */
  readonly value: unknown;
  readonly unit: string;
}

/** A sender may invent fields. */
const MAX_FIELDS = 64;
const MAX_DEPTH = 8;
const MAX_UNIT_CHARACTERS = 16;
/** `007` is a name, not a number. */
const NUMERIC_TEXT = /^[+-]?(0|[1-9]\d*|(?=\.\d))(\.\d*)?(e[+-]?\d+)?$/i;

/**
 * The values of a reading: one for each field, in the order in which they come. `unit` beside a `value` is its unit, and
 * `units` holds those of fields by name; a text that only repeats the topic is left out.
 */
export function valuesOf(topic: string, payload: unknown): FieldValue[] {
  if (!isObject(payload)) return [{ field: "", value: payload, unit: "" }];
  const values: FieldValue[] = [];
  collect({ topic, path: "", depth: 0, values }, payload);
  return values;
}

/** The number to draw for a value: booleans are 0 and 1, numeric text is its number. `undefined`: nothing to draw. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string" && value.length < 40 && NUMERIC_TEXT.test(value.trim())) return Number(value);
  return undefined;
}

interface Walk {
  readonly topic: string;
  readonly path: string;
  readonly depth: number;
  readonly values: FieldValue[];
}

function collect(walk: Walk, object: Readonly<Record<string, unknown>>): void {
  const { topic, path, depth, values } = walk;
  const hasValue = Object.hasOwn(object, "value");
  const units = isObject(object.units) ? object.units : {};
  for (const [key, value] of Object.entries(object)) {
    if (values.length >= MAX_FIELDS) return;
    if (key === "units" && isObject(value)) continue;
    if (key === "unit" && hasValue && typeof value === "string") continue;
    if (typeof value === "string" && repeatsTopic(topic, value)) continue;
    const field = key === "value" ? path : path === "" ? key : `${path}.${key}`;
    if (isObject(value) && depth < MAX_DEPTH) collect({ ...walk, path: field, depth: depth + 1 }, value);
    else values.push({ field, value, unit: unitOf(key === "value" ? object.unit : units[key]) });
  }
}

function repeatsTopic(topic: string, value: string): boolean {
  return value !== "" && (value === topic || topic.endsWith(`/${value}`));
}

function unitOf(unit: unknown): string {
  return typeof unit === "string" ? unit.slice(0, MAX_UNIT_CHARACTERS) : "";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
