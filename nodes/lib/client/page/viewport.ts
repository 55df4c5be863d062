import type { BlockWatcher } from "./blocks";
import type { Row } from "./row";

/** Rows are ready a little before they come into sight. */
const MARGIN = "100px";
const NO_SIZE = { width: 0, height: 0 };

/**
 * Finds out which rows can be seen, and how large their pictures are, without asking the browser for a layout that it has
 * not made yet. Only rows of blocks in sight are watched one by one.
 */
export class Viewport implements BlockWatcher {
  readonly #changed: (rows: readonly Row[]) => void;
  readonly #rowOf = new Map<Element, Row>();
  readonly #seenBlocks = new Set<Element>();
  readonly #blocks = new IntersectionObserver((entries) => this.#blocksMoved(entries), { rootMargin: MARGIN });
  readonly #rows = new IntersectionObserver((entries) => this.#rowsMoved(entries), { rootMargin: MARGIN });
  readonly #pictures = new ResizeObserver((entries) => this.#resized(entries));

  /** @param changed told when rows came into sight, or their pictures got another size: they have to be painted at once */
  constructor(changed: (rows: readonly Row[]) => void) {
    this.#changed = changed;
  }

  add(row: Row): void {
    this.#rowOf.set(row.element, row);
  }

  remove(row: Row): void {
    this.#leave(row);
    this.#rowOf.delete(row.element);
  }

  watch(block: Element): void {
    this.#blocks.observe(block);
  }

  unwatch(block: Element): void {
    this.#blocks.unobserve(block);
    this.#seenBlocks.delete(block);
  }

  /** To be called when rows have moved from block to block. */
  refresh(): void {
    for (const block of this.#seenBlocks) this.#enter(block);
  }

  #blocksMoved(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) {
        this.#seenBlocks.add(target);
        this.#enter(target);
      } else {
        this.#seenBlocks.delete(target);
        for (const row of this.#rowsOf(target)) this.#leave(row);
      }
    }
  }

  #rowsMoved(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const row = this.#rowOf.get(target);
      if (row === undefined) continue;
      if (!isIntersecting) this.#hide(row);
      else {
        row.isVisible = true;
        this.#pictures.observe(row.picture);
      }
    }
  }

  #resized(entries: readonly ResizeObserverEntry[]): void {
    const rows: Row[] = [];
    for (const { target, contentRect } of entries) {
      const row = this.#rowOf.get(target.parentElement ?? target);
      if (row === undefined || !row.isVisible) continue;
      row.resize(contentRect);
      rows.push(row);
    }
    if (rows.length > 0) this.#changed(rows);
  }

  #enter(block: Element): void {
    for (const row of this.#rowsOf(block)) {
      row.build();
      this.#rows.observe(row.element);
    }
  }

  #leave(row: Row): void {
    this.#rows.unobserve(row.element);
    this.#hide(row);
  }

  /** A picture that nobody sees would only cost memory. */
  #hide(row: Row): void {
    if (!row.isVisible) return;
    row.isVisible = false;
    this.#pictures.unobserve(row.picture);
    row.resize(NO_SIZE);
  }

  #rowsOf(block: Element): Row[] {
    return Array.from(block.children, (element) => this.#rowOf.get(element) ?? []).flat();
  }
}
