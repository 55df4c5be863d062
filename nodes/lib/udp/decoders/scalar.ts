const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const ZERO_PADDED = /^[+-]?0\d/;

/**
 * A number written in decimal, or `undefined` for any other text: `0x1f`, `1_000`, `Infinity` and the empty text are
 * none. Whole numbers that a JavaScript number cannot hold exactly and zero-padded ones (`007`) are none either: they
 * are serial numbers, and would come out changed.
 */
export function parseNumber(text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  const isWhole = !/[.eE]/.test(text);
  if (isWhole && (!Number.isSafeInteger(value) || ZERO_PADDED.test(text))) return undefined;
  return value;
}

/** The number that `text` is, or else the text itself. */
export function parseScalar(text: string): number | string {
  return parseNumber(text) ?? text;
}

/** A 64-bit integer as a number where that is exact, else as its digits: JSON has no BigInt. */
export function fromBigInt(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
