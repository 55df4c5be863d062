import type { StructField } from "../../udp/decoders/struct/struct-template";

/** Where a field lies in a datagram, in bytes. */
export interface FieldPlace {
  /** Fields that share a number have their names between commas. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Where the fields of a record lie in a datagram, from its beginning on; those that repeat, as often as there is room.
 * @param length of the datagram, in bytes
 */
export function layout(fields: readonly StructField[], length: number): FieldPlace[] {
  const index = fields.findIndex(({ kind }) => kind === "repeat");
  if (index === -1) return merged(placesOf(fields, 0));
  const places = placesOf(fields.slice(0, index), 0);
  const repeated = fields.slice(index + 1);
  const size = Math.max(0, ...repeated.map(({ offset, bytes }) => offset + bytes));
  for (let start = fields[index]?.offset ?? 0; size > 0 && start + size <= length; start += size) {
    places.push(...placesOf(repeated, start));
  }
  return merged(places);
}

function placesOf(fields: readonly StructField[], base: number): FieldPlace[] {
  return fields.map(({ name, kind, offset, bytes }) => {
    return { name: name || kind, start: base + offset, end: base + offset + bytes };
  });
}

function merged(places: readonly FieldPlace[]): FieldPlace[] {
  const result: FieldPlace[] = [];
  for (const place of [...places].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last === undefined || place.start >= last.end) result.push(place);
    else
      result[result.length - 1] = { ...last, name: `${last.name}, ${place.name}`, end: Math.max(last.end, place.end) };
  }
  return result;
}
