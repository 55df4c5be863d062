const BLANK = /[ \t\r\n]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON allows none within a string
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

/**
 * Where a text stops to be JSON, or values of JSON one after the other, as a number of characters; its length if it only ends
 * too early. The runtime's own parser says so for some errors alone. Recursive: nesting has to be checked before.
 */
export function jsonErrorPosition(text: string): number {
  const scan = new JsonScan(text);
  while (scan.hasMore() && scan.value());
  return scan.position;
}

class JsonScan {
  readonly #text: string;
  position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  hasMore(): boolean {
    this.#take(BLANK);
    return this.position < this.#text.length;
  }

  /** @returns whether there was one; if not, the position is where it went wrong */
  value(): boolean {
    this.#take(BLANK);
    if (this.#character("{")) return this.#members("}", () => this.#name() && this.value());
    if (this.#character("[")) return this.#members("]", () => this.value());
    return this.#text[this.position] === '"' ? this.#string() : this.#take(NUMBER) || this.#take(WORD);
  }

  #members(end: string, member: () => boolean): boolean {
    this.#take(BLANK);
    if (this.#character(end)) return true;
    do {
      this.#take(BLANK);
      if (!member()) return false;
      this.#take(BLANK);
    } while (this.#character(","));
    return this.#character(end);
  }

  #name(): boolean {
    if (this.#text[this.position] !== '"' || !this.#string()) return false;
    this.#take(BLANK);
    return this.#character(":");
  }

  #string(): boolean {
    return this.#take(STRING) && this.#character('"');
  }

  #character(expected: string): boolean {
    if (this.#text[this.position] !== expected) return false;
    this.position++;
    return true;
  }

  /** Moves past what the pattern matches here. @returns whether that is anything */
  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.position;
    const matched = pattern.exec(this.#text)?.[0] ?? "";
    this.position += matched.length;
    return matched !== "";
  }
}
