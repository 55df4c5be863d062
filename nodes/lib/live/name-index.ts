import { setImmediate } from "node:timers/promises";

/** Something that is found by its name. */
export interface Named {
  readonly name: string;
  /** It is not in the table any more. */
  readonly removed: boolean;
}

/** A table whose entries are looked up by page. */
export interface NamedTable<E extends Named> {
  entries(): Iterable<E>;
}

export interface PageRequest {
  /** The first is 0. */
  readonly page: number;
  /** Part of a name, in any case; empty: all. */
  readonly search: string;
  /** Greatest first; missing: by name. */
  readonly by?: string;
}

export interface Page<E> {
  readonly rows: readonly E[];
  /** The one that is given, which is the last one if there are fewer than was asked for. */
  readonly page: number;
  readonly pages: number;
  /** How many match the search. */
  readonly matched: number;
  readonly total: number;
}

interface Entry<E> {
  readonly entry: E;
  readonly lowerCase: string;
}

export const PAGE_ROWS = 25;
/** What is known of a table is looked up anew after so long. */
const REFRESH_MS = 1000;
/** As many new names are sorted before the event loop gets a turn; about half a millisecond. */
const SORTED_AT_ONCE = 1500;
/** A key and a place in the index share a number of 53 bits. */
const MAX_ENTRIES = 2 ** 16;
const MAX_KEY = 2 ** 37 - 1;

/**
 * The entries of a table in order of name or of a figure, page by page. However often pages are asked for, the table is
 * walked once a second at most; names that are new are sorted in slices.
 */
export class NameIndex<E extends Named> {
  readonly #table: NamedTable<E>;
  readonly #figures: Readonly<Record<string, (entry: E) => number>>;
  #sorted: readonly Entry<E>[] = [];
  readonly #indexed = new WeakSet<E>();
  #refreshedAt = Number.NEGATIVE_INFINITY;
  #refreshing: Promise<void> | undefined;
  #found: { readonly search: string; readonly by: string; readonly entries: readonly E[] } | undefined;

  /** @param figures what entries can be ordered by, as whole numbers from 0 on */
  constructor(table: NamedTable<E>, figures: Readonly<Record<string, (entry: E) => number>> = {}) {
    this.#table = table;
    this.#figures = figures;
  }

  /** @param now of the monotonic clock, in ms */
  async page({ page, search, by = "" }: PageRequest, now: number): Promise<Page<E>> {
    if (now - this.#refreshedAt >= REFRESH_MS) {
      this.#refreshing ??= this.#refresh(now).finally(() => {
        this.#refreshing = undefined;
      });
    }
    await this.#refreshing;
    const found = this.#find(search.toLowerCase(), by);
    const pages = Math.max(1, Math.ceil(found.length / PAGE_ROWS));
    const given = Math.min(page, pages - 1);
    const rows = found.slice(given * PAGE_ROWS, (given + 1) * PAGE_ROWS);
    return { rows, page: given, pages, matched: found.length, total: this.#sorted.length };
  }

  async #refresh(now: number): Promise<void> {
    this.#refreshedAt = now;
    this.#found = undefined;
    const added: Entry<E>[] = [];
    for (const entry of this.#table.entries()) {
      if (this.#indexed.has(entry)) continue;
      this.#indexed.add(entry);
      added.push({ entry, lowerCase: entry.name.toLowerCase() });
    }
    for (let start = 0; start < added.length; start += SORTED_AT_ONCE) {
      if (start > 0) await setImmediate();
      this.#sorted = merged(this.#sorted, added.slice(start, start + SORTED_AT_ONCE).sort(byName));
    }
    if (this.#sorted.some(isRemoved)) this.#sorted = this.#sorted.filter((each) => !isRemoved(each));
  }

  #find(search: string, by: string): readonly E[] {
    if (this.#found?.search === search && this.#found.by === by) return this.#found.entries;
    const entries: E[] = [];
    for (const { entry, lowerCase } of this.#sorted) if (lowerCase.includes(search)) entries.push(entry);
    const figure = Object.hasOwn(this.#figures, by) ? this.#figures[by] : undefined;
    const ordered = figure === undefined ? entries : greatestFirst(entries, figure);
    this.#found = { search, by, entries: ordered };
    return ordered;
  }
}

function byName<E>(a: Entry<E>, b: Entry<E>): number {
  if (a.lowerCase === b.lowerCase) return 0;
  return a.lowerCase < b.lowerCase ? -1 : 1;
}

function isRemoved({ entry }: Entry<Named>): boolean {
  return entry.removed;
}

function merged<E>(a: readonly Entry<E>[], b: readonly Entry<E>[]): readonly Entry<E>[] {
  if (a.length === 0) return b;
  const result: Entry<E>[] = [];
  let i = 0;
  for (const each of b) {
    for (; i < a.length && byName(a[i] as Entry<E>, each) <= 0; i++) result.push(a[i] as Entry<E>);
    result.push(each);
  }
  for (; i < a.length; i++) result.push(a[i] as Entry<E>);
  return result;
}

/** Numbers are sorted some ten times as fast as objects are by their numbers. */
function greatestFirst<E>(entries: readonly E[], figure: (entry: E) => number): E[] {
  const keys = new Float64Array(entries.length);
  for (let index = 0; index < keys.length; index++) {
    const key = Math.min(Math.max(Math.round(figure(entries[index] as E)), 0), MAX_KEY);
    keys[index] = (MAX_KEY - key) * MAX_ENTRIES + index;
  }
  keys.sort();
  const ordered: E[] = [];
  for (const key of keys) ordered.push(entries[key % MAX_ENTRIES] as E);
  return ordered;
}
