import { type Accepted, ConfigError, type Field } from "../../../config/fields";
import { sentence } from "../../../text/sentence";

/** Options of the `csv` format, as the editor and the runtime both read them. */
export interface CsvOptions {
  /** Names of the columns from the left; columns beyond them are named by position, "1" for the first. */
  readonly columns: readonly string[];
  /** One character; a space stands for any run of spaces. */
  readonly separator: string;
  /** Whether the first line of each datagram names its columns, instead of `columns`. */
  readonly header: boolean;
  readonly decimal: CsvDecimal;
}

/** What stands before the decimals of a number. */
export const CSV_DECIMALS = [".", ","] as const;

export type CsvDecimal = (typeof CSV_DECIMALS)[number];

/** Separators that a text field cannot show, by the word that stands for them. */
const NAMED_SEPARATORS: Readonly<Record<string, string>> = { tab: "\t", "\\t": "\t", space: " " };

/** The separator that a user's text means, or `undefined` when it means none. */
function parseCsvSeparator(saved: string): string | undefined {
  const named = NAMED_SEPARATORS[saved.toLowerCase()];
  if (named !== undefined) return named;
  return saved.length === 1 && !/["\r\n\w]/.test(saved) ? saved : undefined;
}

/** The node's property that holds the separator. */
export const csvSeparator: Field<string, string> = {
  default: ",",
  parse(saved, property) {
    const separator = typeof saved === "string" ? parseCsvSeparator(saved) : undefined;
    if (separator !== undefined) return separator;
    throw new ConfigError(property, saved, sentence("decode.accept-separator"));
  },
};

/** What a column name must be instead, or `undefined` when it is good. */
export function checkCsvColumn(name: string): Accepted | undefined {
  return name === "__proto__" ? sentence("decode.accept-column", { name }) : undefined;
}
