import type { Signal } from "./signal";

const natural = new Intl.Collator(undefined, { numeric: true });

/** What has its place by what it is of. */
interface Placed {
  readonly signal: Signal;
}

/** All rows in their natural order. A thousand that are new cost a walk through all, not a sorting of all. */
export class RowOrder<Row extends Placed> {
  #sorted: Row[] = [];
  #added: Row[] = [];
  readonly #removed = new Set<Row>();

  add(row: Row): void {
    this.#added.push(row);
  }

  remove(row: Row): void {
    this.#removed.add(row);
  }

  rows(): readonly Row[] {
    if (this.#removed.size > 0) {
      const stays = (row: Row): boolean => !this.#removed.has(row);
      this.#sorted = this.#sorted.filter(stays);
      this.#added = this.#added.filter(stays);
      this.#removed.clear();
    }
    if (this.#added.length > 0) {
      this.#sorted = merged(this.#sorted, this.#added.sort(compareRows));
      this.#added = [];
    }
    return this.#sorted;
  }
}

function merged<Row extends Placed>(some: readonly Row[], others: readonly Row[]): Row[] {
  const rows: Row[] = [];
  let next = 0;
  for (const row of some) {
    for (let other = others[next]; other !== undefined && compareRows(other, row) < 0; other = others[++next])
      rows.push(other);
    rows.push(row);
  }
  return rows.concat(others.slice(next));
}

function compareRows(a: Placed, b: Placed): number {
  return compareSignals(a.signal, b.signal);
}

/** Level by level, so that what belongs together stays together; a topic comes before those below it. */
function compareSignals(a: Signal, b: Signal): number {
  if (a.topic === b.topic) return compareNames(a.field, b.field);
  const left = a.levels;
  const right = b.levels;
  // Of one level, topics come before headings.
  const depth = Math.min(left.length, right.length) - 1;
  for (let level = 0; level <= depth; level++) {
    const isLeafHere = level === left.length - 1;
    if (isLeafHere !== (level === right.length - 1)) return isLeafHere ? -1 : 1;
    if (left[level] === right[level]) continue;
    return compareNames(left[level] ?? "", right[level] ?? "");
  }
  return 0;
}

/** Names that read the same, such as `1` and `01`, are kept apart: else what is below them would be mixed. */
function compareNames(a: string, b: string): number {
  return natural.compare(a, b) || (a < b ? -1 : 1);
}
