import { setImmediate } from "node:timers/promises";
import { GreatestFirst, InThisOrder, type Order } from "./order";

/** Something that is found by its name. */
export interface Named {
  readonly name: string;
  /** It is not in the table any more. */
  readonly removed: boolean;
}

/** A table whose entries are looked up by page, such as a map. */
export interface NamedTable<E extends Named> {
  readonly size: number;
  values(): Iterable<E>;
}

/** What entries can be ordered by: a whole number from 0 on. @param now as the page is asked for */
export type Figure<E> = (entry: E, now: number) => number;

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

/**
 * The entries of a table in order of name or of a figure, page by page. However often pages are asked for, the table is
 * walked once a second at most; names that are new are sorted in slices.
 */
export class NameIndex<E extends Named> {
  readonly #table: NamedTable<E>;
  readonly #figures: Readonly<Record<string, Figure<E>>>;
  #sorted: readonly Entry<E>[] = [];
  readonly #indexed = new WeakSet<E>();
  #refreshedAt = Number.NEGATIVE_INFINITY;
  #refreshing: Promise<void> | undefined;
  #found: { readonly search: string; readonly by: string; readonly order: Order<Entry<E>> } | undefined;

  constructor(table: NamedTable<E>, figures: Readonly<Record<string, Figure<E>>> = {}) {
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
    const order = this.#find(search.toLowerCase(), by, now);
    const pages = Math.max(1, Math.ceil(order.size / PAGE_ROWS));
    const given = Math.min(page, pages - 1);
    const rows = order.slice(given * PAGE_ROWS, (given + 1) * PAGE_ROWS).map(({ entry }) => entry);
    return { rows, page: given, pages, matched: order.size, total: this.#sorted.length };
  }

  async #refresh(now: number): Promise<void> {
    this.#refreshedAt = now;
    this.#found = undefined;
    if (this.#sorted.some(isRemoved)) this.#sorted = this.#sorted.filter((each) => !isRemoved(each));
    // Whether an entry is new takes as long to find out for each of them as all the rest.
    if (this.#sorted.length === this.#table.size) return;
    const added: Entry<E>[] = [];
    for (const entry of this.#table.values()) {
      if (this.#indexed.has(entry)) continue;
      this.#indexed.add(entry);
      added.push({ entry, lowerCase: entry.name.toLowerCase() });
    }
    for (let start = 0; start < added.length; start += SORTED_AT_ONCE) {
      if (start > 0) await setImmediate();
      this.#sorted = merged(this.#sorted, added.slice(start, start + SORTED_AT_ONCE).sort(byName));
    }
  }

  #find(search: string, by: string, now: number): Order<Entry<E>> {
    if (this.#found?.search === search && this.#found.by === by) return this.#found.order;
    const entries = search === "" ? this.#sorted : this.#sorted.filter(({ lowerCase }) => lowerCase.includes(search));
    const figure = Object.hasOwn(this.#figures, by) ? this.#figures[by] : undefined;
    const order =
      figure === undefined ? new InThisOrder(entries) : new GreatestFirst(entries, ({ entry }) => figure(entry, now));
    this.#found = { search, by, order };
    return order;
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
