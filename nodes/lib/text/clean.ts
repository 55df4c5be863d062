/**
 * What must not reach a log, a status or an editor from a datagram or a client: control characters, which drive
 * terminals (`\p{Cc}`: C0, DEL and C1), line and paragraph separators, halves of surrogate pairs, and the characters that
 * reverse the direction of what follows (Unicode Standard Annex #9).
 */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Foreign text, made safe to show: what is unsafe becomes its escape, such as `\u009b`. Every sentence does that to its values. */
export function clean(text: string): string {
  return text.replace(UNSAFE, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
