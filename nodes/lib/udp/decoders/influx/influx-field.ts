import { quote } from "../../../text/quote";
import { sentence } from "../../../text/sentence";
import { DecodeError } from "../decoder";
import { fromBigInt } from "../scalar";

const FLOAT = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d{1,20}[iu]$/;
const TRUE = new Set(["t", "T", "true", "True", "TRUE"]);
const FALSE = new Set(["f", "F", "false", "False", "FALSE"]);
const MAX_SAFE_DIGITS = 15;

/**
 * The value of an unquoted line protocol field: `1.5` a float, `1i` and `1u` integers (text where a JavaScript number
 * is not exact), `t` or `false` booleans.
 * @throws {DecodeError} for anything else, also for what 64 bits do not hold
 */
export function parseInfluxField(text: string): number | string | boolean {
  if (FLOAT.test(text)) {
    const value = Number(text);
    if (Number.isFinite(value)) return value;
  } else if (INTEGER.test(text)) {
    const digits = text.slice(0, -1);
    if (digits.length <= MAX_SAFE_DIGITS && !(text.endsWith("u") && digits.startsWith("-"))) return Number(digits);
    const value = BigInt(digits.replace("+", ""));
    if (value === (text.endsWith("i") ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value))) return fromBigInt(value);
  } else if (TRUE.has(text)) return true;
  else if (FALSE.has(text)) return false;
  throw new DecodeError(sentence("decode.bad-field-value", { text: quote(text) }));
}
