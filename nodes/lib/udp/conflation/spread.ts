import { NumberRange } from "./number-range";

/** What a number of the newest reading is replaced by. */
export type OfRange = (range: NumberRange) => unknown;

/** Numbers of several readings, by their place in them. Anything else of a reading is not kept. */
type Part = NumberRange | Fields | List;

/** As many as a datagram may have in one object. */
const MAX_FIELDS = 4096;
/** Bytes that a part takes without those inside of it, about. */
const PART_BYTES = 100;
const BYTES_PER_CHARACTER = 2;

/**
 * The numbers of several readings, wherever they are in objects and lists: each field and each place of lists of the same
 * length on its own. A field that is missing, `null` or not finite in some readings is of those that have it. What is text, true or
 * false, or bytes is as the newest reading has it, and so is a field that is now a number and now text.
 * Recursive: decoders bound the depth.
 */
export class Spread {
  #part: Part | undefined;
  #bytes = 0;
  #isFull = false;

  /** Whether there are more fields than one reading may have. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Bytes that this takes, about. */
  get bytes(): number {
    return this.#bytes;
  }

  add(payload: unknown): void {
    const part = this.#merged(this.#part, payload);
    this.#account(this.#part, part, 0);
    this.#part = part;
  }

  /** @param newest the payload that was added last */
  result(newest: unknown, ofRange: OfRange): unknown {
    return this.#part === undefined ? newest : resultOf(this.#part, newest, ofRange);
  }

  #merged(part: Part | undefined, value: unknown): Part | undefined {
    if (value === null || value === undefined) return part;
    if (typeof value === "number") return withNumber(part, value);
    if (Array.isArray(value)) return this.#withList(part, value);
    return isFields(value) ? this.#withFields(part, value) : undefined;
  }

  #withList(part: Part | undefined, values: readonly unknown[]): List | undefined {
    const list = part instanceof List && part.parts.length === values.length ? part : new List(values.length);
    let hasNumbers = false;
    for (const [index, value] of values.entries()) {
      const known = list.parts[index];
      const merged = this.#merged(known, value);
      this.#account(known, merged, 0);
      list.parts[index] = merged;
      if (merged !== undefined) hasNumbers = true;
    }
    return hasNumbers ? list : undefined;
  }

  #withFields(part: Part | undefined, object: Readonly<Record<string, unknown>>): Fields | undefined {
    const fields = part instanceof Fields ? part : new Fields();
    for (const [name, value] of Object.entries(object)) {
      const known = fields.parts.get(name);
      const merged = this.#merged(known, value);
      if (merged === known) continue;
      this.#account(known, merged, name.length);
      if (merged === undefined) fields.parts.delete(name);
      else fields.parts.set(name, merged);
    }
    if (fields.parts.size > MAX_FIELDS) this.#isFull = true;
    return fields.parts.size > 0 ? fields : undefined;
  }

  /** One part takes the place of another. What is inside of the new one has been accounted for. */
  #account(known: Part | undefined, merged: Part | undefined, nameLength: number): void {
    if (merged === known) return;
    const nameBytes = nameLength * BYTES_PER_CHARACTER;
    if (known !== undefined) this.#bytes -= bytesOf(known) + nameBytes;
    if (merged !== undefined) this.#bytes += PART_BYTES + nameBytes;
  }
}

class Fields {
  readonly parts = new Map<string, Part>();
}

class List {
  readonly parts: (Part | undefined)[];

  constructor(length: number) {
    this.parts = Array.from({ length }, () => undefined);
  }
}

function withNumber(part: Part | undefined, value: number): Part | undefined {
  if (!Number.isFinite(value)) return part;
  if (!(part instanceof NumberRange)) return new NumberRange(value);
  part.add(value);
  return part;
}

/** With what is inside. */
function bytesOf(part: Part): number {
  let bytes = PART_BYTES;
  if (part instanceof Fields) {
    for (const [name, each] of part.parts) bytes += bytesOf(each) + name.length * BYTES_PER_CHARACTER;
  } else if (part instanceof List) {
    for (const each of part.parts) if (each !== undefined) bytes += bytesOf(each);
  }
  return bytes;
}

function resultOf(part: Part, newest: unknown, ofRange: OfRange): unknown {
  if (part instanceof NumberRange) return ofRange(part);
  if (part instanceof List) {
    const values = Array.isArray(newest) ? newest : [];
    return part.parts.map((each, i) => (each === undefined ? (values[i] ?? null) : resultOf(each, values[i], ofRange)));
  }
  const result: Record<string, unknown> = isFields(newest) ? { ...newest } : {};
  for (const [name, each] of part.parts) {
    result[name] = resultOf(each, Object.hasOwn(result, name) ? result[name] : undefined, ofRange);
  }
  return result;
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
