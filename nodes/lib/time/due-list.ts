import type { Clock } from "./clock";

/** Timers are no finer than this, so that many clients share one. */
const MIN_WAIT_MS = 2;

interface Due {
  /** On the clock's `now`. */
  dueAt: number;
}

/** Things that fall due, with one timer for all of them. Linear in their number each time one does. */
export class DueList<T extends Due> {
  readonly #waiting = new Set<T>();
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
    this.#waiting.add(item);
    if (item.dueAt < this.#wakeAt) this.#arm(item.dueAt);
  }

  delete(item: T): void {
    this.#waiting.delete(item);
    if (this.#waiting.size === 0) this.clear();
  }

  clear(): void {
    this.#waiting.clear();
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
    let next = Number.POSITIVE_INFINITY;
    for (const item of this.#waiting) {
      if (item.dueAt > now) {
        next = Math.min(next, item.dueAt);
        continue;
      }
      this.#waiting.delete(item);
      this.#onDue(item);
    }
    if (next < Number.POSITIVE_INFINITY) this.#arm(next);
  }
}
