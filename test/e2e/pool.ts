/** Where there are none, as in a script, nothing is kept. */
const HAS_TESTS = typeof after === "function";

/** Keeps what takes seconds to make for the next test file that needs the same, and ends it after the last one. */
export class Pool<T> {
  readonly #end: (item: T) => Promise<void>;
  readonly #idle = new Map<string, T>();

  constructor(end: (item: T) => Promise<void>) {
    this.#end = end;
    if (HAS_TESTS) after(() => this.#endAll());
  }

  /** One that was given back, else a new one. */
  async take(key: string, make: () => Promise<T>): Promise<T> {
    const item = this.#idle.get(key) ?? (await make());
    this.#idle.delete(key);
    return item;
  }

  /** @param item as good as new */
  async giveBack(key: string, item: T): Promise<void> {
    const surplus = HAS_TESTS ? this.#idle.get(key) : item;
    if (HAS_TESTS) this.#idle.set(key, item);
    if (surplus !== undefined) await this.#end(surplus);
  }

  async #endAll(): Promise<void> {
    const items = [...this.#idle.values()];
    this.#idle.clear();
    await Promise.all(items.map(this.#end));
  }
}
