const MAX_CHARACTERS = 200;
const MAX_BYTES = 32;
const MAX_DIGITS = 3;

const formats = Array.from(
  { length: MAX_DIGITS + 1 },
  (_, digits) => new Intl.NumberFormat(undefined, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);
const scientific = new Intl.NumberFormat(undefined, { notation: "scientific", maximumSignificantDigits: 4 });

/** Decimal places that a number is worth showing with: 0 to 3. */
export function digitsOf(value: number): number {
  if (Number.isInteger(value)) return 0;
  const decimals = String(value).split(".")[1] ?? "";
  return Math.min(MAX_DIGITS, decimals.length);
}

/** @param digits decimal places, so that 52.0 follows on 51.9 */
export function formatNumber(value: number, digits = digitsOf(value)): string {
  const size = Math.abs(value);
  const isFar = size >= 1e9 || (size > 0 && size < 0.5 * 10 ** -MAX_DIGITS);
  return (isFar ? scientific : (formats[digits] ?? scientific)).format(value);
}

/** Any value of a reading as one line of text. */
export function formatValue(value: unknown, digits?: number): string {
  if (typeof value === "number") return formatNumber(value, digits);
  if (value instanceof Uint8Array) return formatBytes(value);
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS - 1)}…` : text;
}

/** `0a ff 00`, and how many they are when that is not all. */
export function formatBytes(bytes: Uint8Array): string {
  const shown = Array.from(bytes.subarray(0, MAX_BYTES), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return bytes.length > MAX_BYTES ? `${shown} … (${bytes.length} bytes)` : shown;
}

/** `now`, `12 s`, `3 min`, `5 h`, `2 d`. */
export function formatAge(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  if (seconds < 1) return "now";
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

/** `10/s`, `0.5/s`, `3/min`. @param perSecond readings */
export function formatRate(perSecond: number): string {
  if (perSecond >= 9.95) return `${Math.round(perSecond)}/s`;
  if (perSecond >= 0.1) return `${Number(perSecond.toFixed(1))}/s`;
  const perMinute = perSecond * 60;
  return perMinute >= 0.1 ? `${Number(perMinute.toFixed(1))}/min` : "";
}
