/** Beyond that a datagram is cut where it is shown. */
const MAX_SHOWN_BYTES = 512;
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what text does not have
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** What a base64 text holds. */
export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

export function base64Of(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** Bytes as text, if they are UTF-8 without control characters. */
export function textIn(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return CONTROL_CHARACTERS.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Bytes in hexadecimal, with spaces between. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/** The bytes that a hexadecimal text means, or `undefined` when it means none. */
export function bytesOfHex(hex: string): Uint8Array | undefined {
  const digits = hex.replace(/0x|[\s,:-]/gi, "");
  if (digits === "" || digits.length % 2 !== 0 || !/^[\da-f]+$/i.test(digits)) return undefined;
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** A datagram as a user can read it: text where it is that, else in hexadecimal; its beginning if it is long. */
export function shownBytes(bytes: Uint8Array): string {
  const text = textIn(bytes);
  const cut = bytes.length > MAX_SHOWN_BYTES ? " …" : "";
  if (text !== undefined) return text.slice(0, MAX_SHOWN_BYTES) + cut;
  return hexOf(bytes.subarray(0, MAX_SHOWN_BYTES)) + cut;
}
