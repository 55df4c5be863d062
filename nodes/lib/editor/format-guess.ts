import type { Format } from "../udp/decoders/formats";
import { textIn } from "./parts/shown-bytes";

/** Options of a node that decide how datagrams are decoded. */
export type DecodeOptions = Readonly<Record<string, unknown>> & { readonly format: Format };

/** Payloads that datagrams would become, as JSON; `undefined` if one of them cannot be decoded. */
export type Decode = (options: DecodeOptions) => Promise<readonly string[] | undefined>;

/** The most telling first: what one of them refuses, a later one may still accept. */
const OF_TEXT: readonly Format[] = ["json", "nmea", "statsd", "keyvalue", "influx"];
const OF_BYTES: readonly Format[] = ["osc", "msgpack", "cbor"];
const SEPARATORS: readonly [character: string, saved: string][] = [
  [";", ";"],
  ["\t", "tab"],
  [",", ","],
];

/**
 * The format that all datagrams have, with its options.
 * @param datagrams at least one
 */
export async function guessFormat(datagrams: readonly Uint8Array[], decode: Decode): Promise<DecodeOptions> {
  const texts = datagrams.map(textIn);
  const areTexts = texts.every((text) => text !== undefined);
  for (const format of areTexts ? OF_TEXT : OF_BYTES) {
    const payloads = await decode({ format });
    // Nearly any byte is a number of MessagePack or CBOR.
    if (payloads !== undefined && (areTexts || payloads.every((payload) => /^[[{]/.test(payload)))) return { format };
  }
  if (!areTexts) return { format: "struct" };
  const separator = SEPARATORS.find(([character]) => hasColumns(texts as readonly string[], character));
  if (separator === undefined) return { format: "text" };
  const [character, csvSeparator] = separator;
  const hasCommas = character !== "," && (texts as readonly string[]).some((text) => hasDecimalComma(text, character));
  return { format: "csv", csvSeparator, csvDecimal: hasCommas ? "," : "." };
}

function hasDecimalComma(text: string, separator: string): boolean {
  return text.split(/\r?\n/).some((line) => line.split(separator).some((cell) => DECIMAL_COMMA.test(cell.trim())));
}

const DECIMAL_COMMA = /^[-+]?\d+,\d+$/;

/** Whether every line has the same number of cells, two at least. */
function hasColumns(texts: readonly string[], separator: string): boolean {
  const lines = texts.flatMap((text) => text.split(/\r?\n/)).filter((line) => line.trim() !== "");
  const counts = new Set(lines.map((line) => line.split(separator).length));
  return counts.size === 1 && !counts.has(1);
}
