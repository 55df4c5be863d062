import { quote } from "../../../text/quote";
import { sentence } from "../../../text/sentence";
import { DecodeError, type Decoder, locate } from "../decoder";
import { checkFieldCount, checkReadingCount } from "../limits";
import { type Reading, setKey } from "../record";
import { readUtf8 } from "../utf8";
import { parseInfluxField } from "./influx-field";
import type { InfluxOptions, InfluxPrecision } from "./influx-options";

/** A point as InfluxDB nodes for Node-RED take it; `timestamp` is ms since 1970, with a fraction if it was finer. */
export interface InfluxReading {
  readonly measurement: string;
  readonly tags: Reading;
  readonly fields: Reading;
  readonly timestamp?: number;
}

const MS_PER_UNIT: Readonly<Record<InfluxPrecision, number>> = { ns: 1e-6, us: 1e-3, ms: 1, s: 1e3 };
const TIMESTAMP = /^-?\d{1,19}$/;
const QUOTE = '"';
const SHOWN_CHARACTERS = 40;
const BLANKS = /[ \t\r]*/y;
const BLANK_LINES = /[\s]*/y;
/** A tag or a timestamp besides well-formed fields: prose and `name=value` text have neither. */
const UNMISTAKABLE =
  /^(?:[^\s,=#"\\]|\\.)+(?:(?:,[^\s,="]+=[^\s,="]+)+ +[^\s,="]+=[^\s]|[ ]+[^\s,="]+=(?:[^\s"]+|"[^"\r\n]*") +-?\d{10,19}\s*(?:\n|$))/;

/**
 * Whether a text is InfluxDB line protocol and hardly anything else, told from its first line. What looks like it may
 * still turn out to be malformed.
 */
export function looksLikeInflux(text: string): boolean {
  return UNMISTAKABLE.test(text);
}

/**
 * Reads InfluxDB line protocol, one reading per line:
 * `measurement,tag=value field=1.5,other=2i,text="x y" 1700000000000000000`.
 * Source: https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/
 */
export function createInfluxDecoder(options: InfluxOptions): Decoder {
  const msPerUnit = MS_PER_UNIT[options.precision];
  return (datagram) => {
    const lines = new LineReader(readUtf8(datagram), msPerUnit);
    const readings: InfluxReading[] = [];
    try {
      while (lines.skipToLine()) {
        checkReadingCount(readings);
        readings.push(lines.takeLine());
      }
    } catch (error) {
      throw locate(error, lines.position);
    }
    if (readings.length === 0) throw new DecodeError(sentence("decode.no-influx-line"));
    return readings;
  };
}

/** A position in the text. Lines cannot be split beforehand, as a quoted field may hold line breaks. */
class LineReader {
  readonly #text: string;
  readonly #msPerUnit: number;
  #position = 0;

  constructor(text: string, msPerUnit: number) {
    this.#text = text;
    this.#msPerUnit = msPerUnit;
  }

  /** In characters: where the reader has got to. */
  get position(): number {
    return this.#position;
  }

  /** Moves past empty lines and comments. @returns whether a line follows */
  skipToLine(): boolean {
    for (;;) {
      this.#skip(BLANK_LINES);
      if (this.#text[this.#position] !== "#") return this.#position < this.#text.length;
      const end = this.#text.indexOf("\n", this.#position);
      this.#position = end < 0 ? this.#text.length : end;
    }
  }

  takeLine(): InfluxReading {
    const measurement = this.#takeName(", ");
    if (measurement === "") throw new DecodeError(sentence("decode.no-measurement"));
    const tags: Reading = {};
    let count = 0;
    while (this.#take(",")) {
      checkFieldCount(++count);
      const key = this.#takeKey("tag");
      const value = this.#takeName(", ");
      if (value === "") throw new DecodeError(sentence("decode.empty-tag", { name: quote(key) }));
      setKey(tags, key, value);
    }
    this.#skip(BLANKS);
    const fields: Reading = {};
    do {
      checkFieldCount(++count);
      const key = this.#takeKey("field");
      setKey(
        fields,
        key,
        this.#text[this.#position] === QUOTE ? this.#takeQuoted() : parseInfluxField(this.#takeName(", ")),
      );
    } while (this.#take(","));
    const timestamp = this.#takeTimestamp();
    return timestamp === undefined ? { measurement, tags, fields } : { measurement, tags, fields, timestamp };
  }

  #takeTimestamp(): number | undefined {
    const before = this.#position;
    this.#skip(BLANKS);
    const end = this.#text.indexOf("\n", this.#position);
    const rest = this.#text.slice(this.#position, end < 0 ? undefined : end).trimEnd();
    if (rest === "") return undefined;
    if (before === this.#position || !TIMESTAMP.test(rest)) {
      throw new DecodeError(sentence("decode.bad-timestamp", { text: quote(rest) }));
    }
    this.#position += rest.length;
    // Dividing by a power of ten rounds once, where multiplying by its inexact inverse rounds twice.
    return this.#msPerUnit < 1 ? Number(rest) / Math.round(1 / this.#msPerUnit) : Number(rest) * this.#msPerUnit;
  }

  #takeKey(kind: "tag" | "field"): string {
    const key = this.#takeName(", =");
    if (key === "" || !this.#take("=")) {
      throw new DecodeError(
        sentence(`decode.bad-${kind}`, {
          text: quote(this.#text.slice(this.#position, this.#position + SHOWN_CHARACTERS)),
        }),
      );
    }
    return key;
  }

  /** Text up to an unescaped character of `ends`. A backslash escapes those, and is itself before any other. */
  #takeName(ends: string): string {
    const text = this.#text;
    let start = this.#position;
    let name = "";
    for (let i = start; ; i++) {
      const character = text[i];
      if (character === undefined || character === "\n" || character === "\r" || ends.includes(character)) {
        this.#position = i;
        return name === "" ? text.slice(start, i) : name + text.slice(start, i);
      }
      if (character === "\\" && isEscapable(text[i + 1])) {
        name += text.slice(start, i);
        start = ++i;
      }
    }
  }

  /** In a quoted field only the quote and the backslash are escaped. */
  #takeQuoted(): string {
    const start = this.#position + 1;
    let end = start;
    for (; this.#text[end] !== QUOTE; end++) {
      if (end >= this.#text.length) throw new DecodeError(sentence("decode.unclosed-quote"));
      if (this.#text[end] === "\\") end++;
    }
    this.#position = end + 1;
    return this.#text.slice(start, end).replaceAll(/\\(["\\])/g, "$1");
  }

  #take(character: string): boolean {
    if (this.#text[this.#position] !== character) return false;
    this.#position++;
    return true;
  }

  #skip(pattern: RegExp): void {
    pattern.lastIndex = this.#position;
    pattern.exec(this.#text);
    this.#position = pattern.lastIndex;
  }
}

function isEscapable(character: string | undefined): boolean {
  return character === "," || character === " " || character === "=" || character === "\\";
}
