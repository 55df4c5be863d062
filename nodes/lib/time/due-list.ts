import type { Clock } from "./clock";

/** Timers are no finer than this, so that many clients share one. */
const MIN_WAIT_MS = 2;
/** So many entries may be void, besides as many as count. */
const MAX_VOID = 64;

interface Due {
  /** On the clock's `now`. */
  dueAt: number;
}

/** When an item falls due. Void once another entry of the item counts, or none. */
interface Entry<T> {
  readonly item: T;
  readonly dueAt: number;
  /** Of entries that fall due at once, the older one comes first. */
  readonly order: number;
}

/** Things that fall due, with one timer for all of them. Logarithmic in their number for each: a binary heap. */
export class DueList<T extends Due> {
  /** The entry that counts of each item. */
  readonly #waiting = new Map<T, Entry<T>>();
  /** No entry falls due before its parent, which is that of half its index, rounded down. The first place is empty. */
  #heap: (Entry<T> | undefined)[] = [undefined];
  #added = 0;
  #wakeAt = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;

  readonly #clock: Clock;
  readonly #onDue: (item: T) => void;

  constructor(clock: Clock, onDue: (item: T) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** Adds an item, or takes note of its new time. */
  add(item: T): void {
    const { dueAt } = item;
    if (this.#waiting.get(item)?.dueAt !== dueAt) {
      const entry = { item, dueAt, order: this.#added++ };
      this.#waiting.set(item, entry);
      this.#push(entry);
      this.#sweep();
    }
    if (dueAt < this.#wakeAt) this.#arm(dueAt);
  }

  delete(item: T): void {
    this.#waiting.delete(item);
    if (this.#waiting.size === 0) this.clear();
    else this.#sweep();
  }

  clear(): void {
    this.#waiting.clear();
    this.#heap = [undefined];
    this.#cancel?.();
    this.#cancel = undefined;
    this.#wakeAt = Number.POSITIVE_INFINITY;
  }

  #arm(at: number): void {
    this.#cancel?.();
    this.#wakeAt = at;
    const waitMs = Math.max(MIN_WAIT_MS, Math.ceil(at - this.#clock.now()));
    this.#cancel = this.#clock.timeout(() => this.#wake(), waitMs);
  }

  #wake(): void {
    this.#cancel = undefined;
    this.#wakeAt = Number.POSITIVE_INFINITY;
    const now = this.#clock.now();
    const due: Entry<T>[] = [];
    for (let first = this.#first(); first !== undefined && first.dueAt <= now; first = this.#first()) {
      due.push(first);
      this.#pop();
    }
    for (const entry of due) {
      // What is told of one may have another deleted, or given a new time.
      if (this.#waiting.get(entry.item) !== entry) continue;
      this.#waiting.delete(entry.item);
      this.#onDue(entry.item);
    }
    const next = this.#first();
    if (next !== undefined && next.dueAt < this.#wakeAt) this.#arm(next.dueAt);
  }

  /** The entry that falls due next, of those that count. */
  #first(): Entry<T> | undefined {
    for (;;) {
      const entry = this.#heap[1];
      if (entry === undefined || this.#waiting.get(entry.item) === entry) return entry;
      this.#pop();
    }
  }

  #push(entry: Entry<T>): void {
    const heap = this.#heap;
    let at = heap.length;
    for (let parent = at >> 1; parent > 0 && isBefore(entry, heap[parent]); parent = at >> 1) {
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = entry;
  }

  /** Takes the first entry out. */
  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 1) return;
    let at = 1;
    for (let child = 2; child < heap.length; child = at * 2) {
      if (isBefore(heap[child + 1], heap[child])) child++;
      if (!isBefore(heap[child], last)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
  }

  /** Leaves out void entries once most are. What is sorted is a heap. */
  #sweep(): void {
    if (this.#heap.length <= 2 * this.#waiting.size + MAX_VOID) return;
    this.#heap = [undefined, ...[...this.#waiting.values()].sort((a, b) => (isBefore(a, b) ? -1 : 1))];
  }
}

/** Whether the first of two entries falls due before the other; a missing one never does. */
function isBefore<T>(entry: Entry<T> | undefined, other: Entry<T> | undefined): boolean {
  if (entry === undefined || other === undefined) return entry !== undefined;
  return entry.dueAt < other.dueAt || (entry.dueAt === other.dueAt && entry.order < other.order);
}
