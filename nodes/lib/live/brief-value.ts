/** Deeper parts of a value are left out. */
const MAX_DEPTH = 6;

/**
 * A value as JSON, cut to about `maxCharacters`, with `…` where something is left out. Takes time by what it gives, not by
 * what the value holds; the text refers to no part of the value, so that it keeps nothing of it in memory.
 */
export function briefValue(value: unknown, maxCharacters: number): string {
  const writer = new BriefWriter(maxCharacters);
  writer.write(value, 0);
  return writer.text();
}

class BriefWriter {
  readonly #parts: string[] = [];
  #room: number;

  constructor(maxCharacters: number) {
    this.#room = maxCharacters;
  }

  text(): string {
    return this.#parts.join("");
  }

  write(value: unknown, depth: number): void {
    if (typeof value === "string") this.#writeText(value);
    else if (value instanceof Date) this.#put(Number.isNaN(value.getTime()) ? "null" : `"${value.toISOString()}"`);
    else if (ArrayBuffer.isView(value)) this.#writeBytes(value);
    else if (typeof value !== "object" || value === null) this.#put(String(value));
    else if (depth >= MAX_DEPTH) this.#put("…");
    else if (Array.isArray(value)) this.#writeArray(value, depth + 1);
    else this.#writeObject(value as Record<string, unknown>, depth + 1);
  }

  #writeText(text: string): void {
    if (text.length <= this.#room) this.#put(JSON.stringify(text));
    else this.#put(`${JSON.stringify(text.slice(0, Math.max(this.#room, 0))).slice(0, -1)}…"`);
  }

  #writeBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): void {
    const shown = Math.min(byteLength, Math.max(this.#room, 0) >> 1);
    const hex = Array.from(new Uint8Array(buffer, byteOffset, shown), (byte) => byte.toString(16).padStart(2, "0"));
    this.#put(hex.join("") + (shown < byteLength ? "…" : ""));
  }

  #writeArray(items: readonly unknown[], depth: number): void {
    this.#put("[");
    for (let index = 0; index < items.length; index++) {
      if (index > 0) this.#put(",");
      if (this.#isFull()) break;
      this.write(items[index], depth);
    }
    this.#put("]");
  }

  #writeObject(object: Record<string, unknown>, depth: number): void {
    let first = true;
    this.#put("{");
    for (const key in object) {
      if (!first) this.#put(",");
      if (this.#isFull()) break;
      first = false;
      this.#writeText(key);
      this.#put(":");
      this.write(object[key], depth);
    }
    this.#put("}");
  }

  #isFull(): boolean {
    if (this.#room > 0) return false;
    this.#put("…");
    return true;
  }

  #put(part: string): void {
    this.#parts.push(part);
    this.#room -= part.length;
  }
}
