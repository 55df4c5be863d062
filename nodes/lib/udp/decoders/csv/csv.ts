import { quote } from "../../../text/quote";
import { sentence } from "../../../text/sentence";
import { DecodeError, type Decoder, locate } from "../decoder";
import { checkFieldCount, checkReadingCount } from "../limits";
import { type Reading, setKey } from "../record";
import { parseNumber, parseScalar } from "../scalar";
import { readUtf8 } from "../utf8";
import type { CsvOptions } from "./csv-options";

const QUOTE = '"';

interface CellFormat {
  readonly separator: string;
  /** What the text of a cell that is not quoted means. */
  readValue(text: string): unknown;
}

/**
 * Reads comma-separated values (RFC 4180, with any separator), one reading per line: `{ [column]: value }`. Numbers are
 * numbers, empty cells `null`, and what is quoted is text even if it looks like a number. A line may have fewer cells
 * than there are columns, or more; empty lines are skipped. The columns may be named by the first line.
 */
export function createCsvDecoder(options: CsvOptions): Decoder {
  const { separator, header } = options;
  const format: CellFormat = { separator, readValue: options.decimal === "," ? valueWithComma : parseScalar };
  return (datagram) => {
    const readings: Reading[] = [];
    let columns = header ? undefined : options.columns;
    const addRow = (row: readonly unknown[]) => {
      if (columns === undefined) {
        columns = namesIn(row);
        return;
      }
      checkReadingCount(readings);
      readings.push(toReading(row, columns));
    };
    const text = readUtf8(datagram);
    if (text.includes(QUOTE)) for (const row of quotedRows(text, format)) addRow(row);
    else for (const line of text.split("\n")) if (line.trim() !== "") addRow(plainRow(line, format));
    if (readings.length === 0) throw new DecodeError(sentence("decode.no-csv-line"));
    return readings;
  };
}

function toReading(row: readonly unknown[], columns: readonly string[]): Reading {
  const reading: Reading = {};
  for (let i = 0; i < row.length; i++) setKey(reading, columns[i] ?? String(i + 1), row[i]);
  return reading;
}

/** The names of columns in a first line. A column without a name, or with one that is taken, has its position for a name. */
function namesIn(row: readonly unknown[]): string[] {
  const names = new Set<string>();
  return row.map((cell, index) => {
    let name = cell === null ? "" : String(cell);
    if (name === "" || names.has(name)) name = String(index + 1);
    while (names.has(name)) name += "_";
    names.add(name);
    return name;
  });
}

function plainRow(line: string, { separator, readValue }: CellFormat): unknown[] {
  const cells: unknown[] = separator === " " ? line.trim().split(/ +/) : line.split(separator);
  checkFieldCount(cells.length);
  for (let i = 0; i < cells.length; i++) cells[i] = plainCell(cells[i] as string, readValue);
  return cells;
}

function plainCell(text: string, readValue: CellFormat["readValue"]): unknown {
  const trimmed = text.trim();
  return trimmed === "" ? null : readValue(trimmed);
}

/** Where the comma is for decimals, a point is for thousands, or for dates: such text stays text. */
function valueWithComma(text: string): unknown {
  return text.includes(".") ? text : (parseNumber(text.replace(",", ".")) ?? text);
}

/** The rows of a text with quotes, in which a line break may be part of a value. */
function* quotedRows(text: string, { separator, readValue }: CellFormat): Generator<unknown[]> {
  const blanks = separator === "\t" ? " \r" : " \t\r";
  const afterBlanks = (start: number): number => {
    let end = start;
    while (end < text.length && blanks.includes(text[end] as string)) end++;
    return end;
  };
  let row: unknown[] = [];
  let position = afterBlanks(0);
  while (position < text.length) {
    if (text[position] === "\n" && row.length === 0) {
      position = afterBlanks(position + 1);
      continue;
    }
    const isQuoted = text[position] === QUOTE;
    const end = isQuoted ? endOfQuoted(text, position) : endOfPlain(text, position, separator);
    checkFieldCount(row.length + 1);
    row.push(isQuoted ? unquote(text, position, end) : plainCell(text.slice(position, end), readValue));
    position = afterBlanks(end);
    if (position >= text.length || text[position] === "\n") {
      yield row;
      row = [];
      position = afterBlanks(position + 1);
    } else if (text[position] === separator) {
      position = afterBlanks(position + 1);
      if (position >= text.length) yield [...row, null];
    } else if (separator !== " " || position === end) {
      throw locate(new DecodeError(sentence("decode.after-quote", { text: quote(text[position]) })), position);
    }
  }
}

/** Where the quoted value that opens at `start` ends, behind its closing quote; a doubled quote is part of it. */
function endOfQuoted(text: string, start: number): number {
  let end = start;
  do {
    end = text.indexOf(QUOTE, end + 1) + 1;
    if (end === 0) throw locate(new DecodeError(sentence("decode.unclosed-quote")), start);
  } while (text[end] === QUOTE);
  return end;
}

function unquote(text: string, start: number, end: number): string {
  return text.slice(start + 1, end - 1).replaceAll('""', QUOTE);
}

function endOfPlain(text: string, start: number, separator: string): number {
  let end = start;
  while (end < text.length && text[end] !== separator && text[end] !== "\n") end++;
  return end;
}
