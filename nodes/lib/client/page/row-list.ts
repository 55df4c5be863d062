import { matchesAny } from "../../mqtt/topic-filter";
import { create } from "./dom";
import type { Row } from "./row";
import type { Signal } from "./signal";

/** Which rows are shown, and how. */
export interface ListView {
  /** Part of a name; or an MQTT topic filter, if it has a wildcard. Empty: all. */
  readonly filter: string;
  readonly hidesStale: boolean;
  /** Under headings, by the levels of the topic. */
  readonly isTree: boolean;
}

interface Heading {
  readonly element: HTMLElement;
  readonly button: HTMLButtonElement;
}

const natural = new Intl.Collator(undefined, { numeric: true });

/** Puts rows in their natural order, and under headings. Headings and rows are one flat list of elements. */
export class RowList {
  readonly #host: HTMLElement;
  readonly #toggled: () => void;
  readonly #headings = new Map<string, Heading>();
  readonly #folded = new Set<string>();
  #order: Row[] = [];
  #isSorted = true;
  #shown: Row[] = [];

  /** @param toggled told when a heading was folded or unfolded: lay the list out again */
  constructor(host: HTMLElement, toggled: () => void) {
    this.#host = host;
    this.#toggled = toggled;
  }

  /** Those that the filter lets through and that are not folded away, in order. */
  get shown(): readonly Row[] {
    return this.#shown;
  }

  add(row: Row): void {
    this.#order.push(row);
    this.#isSorted = false;
  }

  remove(row: Row): void {
    row.element.remove();
    this.#order = this.#order.filter((other) => other !== row);
  }

  /** Moves only what is not in its place, so that focus and scrolling stay. @param now by the server's clock */
  layOut(view: ListView, now: number): void {
    if (!this.#isSorted) this.#order.sort((a, b) => compare(a.signal, b.signal));
    this.#isSorted = true;
    const accepts = acceptorOf(view.filter);
    const listed = this.#order.filter(({ signal }) => accepts(signal) && !(view.hidesStale && signal.isStaleAt(now)));
    const elements: HTMLElement[] = [];
    this.#shown = [];
    const isFolded = (path: string): boolean => this.#folded.has(path);
    let group = "";
    for (const row of listed) {
      const levels = view.isTree ? parentsOf(row.signal.topic) : [];
      const parent = levels.at(-1) ?? "";
      if (parent !== group) {
        for (const path of levels) {
          if (group === path || group.startsWith(`${path}/`)) continue;
          if (!parentsOf(path).some(isFolded)) elements.push(this.#headingOf(path).element);
        }
        group = parent;
      }
      if (levels.some(isFolded)) continue;
      elements.push(row.element);
      this.#shown.push(row);
    }
    this.#place(elements);
  }

  #place(elements: readonly HTMLElement[]): void {
    const wanted = new Set<Element>(elements);
    for (const element of [...this.#host.children]) if (!wanted.has(element)) element.remove();
    let next = this.#host.firstElementChild;
    for (const element of elements) {
      if (element === next) next = next.nextElementSibling;
      else this.#host.insertBefore(element, next);
    }
  }

  #headingOf(path: string): Heading {
    const known = this.#headings.get(path);
    if (known !== undefined) return known;
    const button = create("button", "fold", path);
    button.type = "button";
    button.setAttribute("aria-expanded", "true");
    button.addEventListener("click", () => {
      if (!this.#folded.delete(path)) this.#folded.add(path);
      button.setAttribute("aria-expanded", String(!this.#folded.has(path)));
      this.#toggled();
    });
    const heading = { element: create("h2", "heading", button), button };
    this.#headings.set(path, heading);
    return heading;
  }
}

/** Level by level, so that what belongs together stays together; a topic comes before those below it. */
function compare(a: Signal, b: Signal): number {
  if (a.topic === b.topic) return natural.compare(a.field, b.field);
  const left = a.topic.split("/");
  const right = b.topic.split("/");
  // Of one level, topics come before headings.
  const depth = Math.min(left.length, right.length) - 1;
  for (let level = 0; level <= depth; level++) {
    const isLeafHere = level === left.length - 1;
    if (isLeafHere !== (level === right.length - 1)) return isLeafHere ? -1 : 1;
    const order = natural.compare(left[level] ?? "", right[level] ?? "");
    if (order !== 0) return order;
  }
  return a.topic < b.topic ? -1 : 1;
}

/** `a/b/c` is under `a` and `a/b`. */
function parentsOf(topic: string): string[] {
  const levels = topic.split("/");
  return levels.slice(1).map((_, index) => levels.slice(0, index + 1).join("/"));
}

function acceptorOf(filter: string): (signal: Signal) => boolean {
  const wanted = filter.trim();
  if (wanted === "") return () => true;
  if (/[+#]/.test(wanted)) return ({ topic }) => matchesAny([wanted], topic);
  const part = wanted.toLowerCase();
  return ({ label }) => label.toLowerCase().includes(part);
}
