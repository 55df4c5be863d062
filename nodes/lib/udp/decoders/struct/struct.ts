import { isUtf8 } from "node:buffer";
import { sentence } from "../../../text/sentence";
import { DecodeError, type Decoder, locate } from "../decoder";
import { checkReadingCount } from "../limits";
import type { Reading } from "../record";
import { numberReader, rescaling } from "./struct-number";
import { type StructField, UNITS } from "./struct-template";

/** Reads a field of the record that begins at `start`, and puts it into the reading, if it is a value. */
type FieldReader = (bytes: Buffer, start: number, reading: Reading) => void;

/** Fields that lie together, made ready to be read. */
interface Section {
  readonly readers: readonly FieldReader[];
  readonly bytes: number;
}

/**
 * Reads one binary record per datagram: `{ [name]: value * scale }`. Bytes behind the last field are ignored, so that a
 * sender may grow its record. If fields are repeated, every repetition is a reading, with the fields before it in each, and
 * the datagram has to end with one. If fields have units, each reading has them, too: `units: { [name]: unit }`.
 * @param template of at least one field
 */
export function createStructDecoder(template: readonly StructField[]): Decoder {
  const at = template.findIndex(({ kind }) => kind === "repeat");
  const head = compileSection(at === -1 ? template : template.slice(0, at));
  const unitOf = Object.fromEntries(template.filter(({ unit }) => unit !== "").map(({ name, unit }) => [name, unit]));
  // A copy for each, since whoever gets a message may change it.
  const finish =
    Object.keys(unitOf).length === 0 ? same : (reading: Reading) => ({ ...reading, [UNITS]: { ...unitOf } });
  if (at === -1) return (datagram) => [finish(readSection(head, datagram, { start: 0, reading: {} }))];

  const repeated = compileSection(template.slice(at + 1));
  const first = Math.max(template[at]?.offset ?? 0, head.bytes);
  return (datagram) => {
    const common = readSection(head, datagram, { start: 0, reading: {} });
    const readings: Reading[] = [];
    for (let start = first; start < datagram.length; start += repeated.bytes) {
      checkReadingCount(readings);
      readings.push(finish(readSection(repeated, datagram, { start, reading: { ...common } })));
    }
    return readings;
  };
}

function same(reading: Reading): Reading {
  return reading;
}

function readSection(
  { readers, bytes: needed }: Section,
  datagram: Buffer,
  { start, reading }: { readonly start: number; readonly reading: Reading },
): Reading {
  if (datagram.length < start + needed) {
    const short = sentence("decode.record-too-short", { bytes: datagram.length, needed: start + needed });
    throw locate(new DecodeError(short), datagram.length);
  }
  for (const read of readers) read(datagram, start, reading);
  return reading;
}

function compileSection(fields: readonly StructField[]): Section {
  const readers = fields.map(compile).filter((reader) => reader !== undefined);
  return { readers, bytes: Math.max(0, ...fields.map(({ offset, bytes }) => offset + bytes)) };
}

function compile(field: StructField): FieldReader | undefined {
  const { name, offset } = field;
  switch (field.kind) {
    case "number": {
      const read = numberReader(field);
      return (bytes, start, reading) => {
        reading[name] = read(bytes, start + offset);
      };
    }
    case "bits": {
      const read = numberReader({ type: field.type, endianness: field.endianness, scale: 1 });
      const rescale = rescaling(field.scale);
      const divisor = 2 ** field.shift;
      const modulus = 2 ** field.length;
      return (bytes, start, reading) => {
        reading[name] = rescale(Math.floor(Number(read(bytes, start + offset)) / divisor) % modulus);
      };
    }
    case "text":
      return (bytes, start, reading) => {
        reading[name] = textAt(bytes, start + offset, field.bytes);
      };
    case "constant": {
      const expected = Buffer.from(field.hex, "hex");
      return (bytes, start, reading) => {
        checkConstant(bytes, start + offset, expected);
        if (name !== "") reading[name] = field.hex;
      };
    }
    default:
      return undefined;
  }
}

/** Text ends with a zero byte, or where its place ends. */
function textAt(bytes: Buffer, start: number, length: number): string {
  const place = bytes.subarray(start, start + length);
  const end = place.indexOf(0);
  const text = end === -1 ? place : place.subarray(0, end);
  if (!isUtf8(text)) throw locate(new DecodeError(sentence("decode.bad-text")), start);
  return text.toString("utf8");
}

function checkConstant(bytes: Buffer, start: number, expected: Buffer): void {
  const found = bytes.subarray(start, start + expected.length);
  if (found.equals(expected)) return;
  const values = { offset: start, found: found.toString("hex"), expected: expected.toString("hex") };
  throw locate(new DecodeError(sentence("decode.record-constant", values)), start);
}
