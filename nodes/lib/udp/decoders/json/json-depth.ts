import { MAX_NESTING } from "../../../reading/limits";
import { tooDeep } from "../limits";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Looks at the brackets alone, before anything is parsed. Nearly every reading has at most 32 of them, which a search for
 * the next bracket finds out far faster than a loop over all characters.
 * @throws {DecodeError} with the reason `depth`
 */
export function assertShallow(json: string): void {
  let left = countUpTo(json, "{", MAX_NESTING);
  left = countUpTo(json, "[", left);
  if (left >= 0) return;

  let depth = 0;
  let quoted = false;
  for (let i = 0; i < json.length; i++) {
    const char = json.charCodeAt(i);
    if (quoted) {
      if (char === BACKSLASH) i++;
      else if (char === QUOTE) quoted = false;
    } else if (char === QUOTE) quoted = true;
    else if (char === OPEN_ARRAY || char === OPEN_OBJECT) {
      if (++depth > MAX_NESTING) throw tooDeep();
    } else if (char === CLOSE_ARRAY || char === CLOSE_OBJECT) depth--;
  }
}

/** @returns how much of the budget is left, negative as soon as it is overdrawn */
function countUpTo(json: string, char: string, budget: number): number {
  let left = budget;
  for (let at = json.indexOf(char); at !== -1 && left >= 0; at = json.indexOf(char, at + 1)) left--;
  return left;
}
