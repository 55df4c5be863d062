import { matchesAny } from "../../mqtt/topic-filter";
import { BlockPlan } from "./block-plan";
import { Blocks, type BlockWatcher } from "./blocks";
import { create } from "./dom";
import { nameOf } from "./name";
import type { Row } from "./row";
import { RowOrder } from "./row-order";
import { parentsOf, type Signal } from "./signal";

/** Which rows are shown, and how. */
export interface ListView {
  /** Part of a name; or an MQTT topic filter, if it has a wildcard. Empty: all. */
  readonly filter: string;
  readonly hidesStale: boolean;
  /** Under headings, by the levels of the topic. */
  readonly isTree: boolean;
}

export interface RowListListener extends BlockWatcher {
  /** A heading was folded or unfolded: lay the list out again. */
  toggled(): void;
}

/** Puts rows in their natural order, and under headings. Headings and rows follow each other as one flat list. */
export class RowList {
  readonly #blocks: Blocks;
  readonly #toggled: () => void;
  readonly #order = new RowOrder<Row>();
  #headings = new Map<string, HTMLElement>();
  readonly #folded = new Set<string>();
  #shown: Row[] = [];

  constructor(host: HTMLElement, listener: RowListListener) {
    this.#blocks = new Blocks(host, listener);
    this.#toggled = () => listener.toggled();
  }

  /** Those that the filter lets through and that are not folded away, in order. */
  get shown(): readonly Row[] {
    return this.#shown;
  }

  add(row: Row): void {
    this.#order.add(row);
  }

  remove(row: Row): void {
    row.element.remove();
    this.#order.remove(row);
  }

  /** Linear in the number of rows. @param now by the server's clock */
  layOut(view: ListView, now: number): void {
    const accepts = acceptorOf(view.filter);
    const isFolded = (path: string): boolean => this.#folded.has(path);
    const plan = new BlockPlan<HTMLElement>();
    const headings = new Map<string, HTMLElement>();
    this.#shown = [];
    let group = "";
    for (const row of this.#order.rows()) {
      const { signal } = row;
      if (!accepts(signal) || (view.hidesStale && signal.isStaleAt(now))) continue;
      const levels = view.isTree ? signal.parents : [];
      const parent = levels.at(-1) ?? "";
      if (parent !== group) {
        for (const path of levels) {
          if (group === path || group.startsWith(`${path}/`)) continue;
          if (parentsOf(path.split("/")).some(isFolded)) continue;
          const heading = this.#headings.get(path) ?? this.#headingOf(path);
          headings.set(path, heading);
          plan.addHeading(heading);
        }
        group = parent;
      }
      if (levels.some(isFolded)) continue;
      plan.addRow(row.element);
      this.#shown.push(row);
    }
    // Others are not kept: a sender may invent topics.
    this.#headings = headings;
    this.#blocks.show(plan);
  }

  #headingOf(path: string): HTMLElement {
    const button = create("button", "fold", nameOf(path));
    button.type = "button";
    button.setAttribute("aria-expanded", String(!this.#folded.has(path)));
    button.addEventListener("click", () => {
      if (!this.#folded.delete(path)) this.#folded.add(path);
      button.setAttribute("aria-expanded", String(!this.#folded.has(path)));
      this.#toggled();
    });
    return create("h2", "heading", button);
  }
}

function acceptorOf(filter: string): (signal: Signal) => boolean {
  const wanted = filter.trim();
  if (wanted === "") return () => true;
  if (/[+#]/.test(wanted)) return ({ topic }) => matchesAny([wanted], topic);
  const part = wanted.toLowerCase();
  return ({ label }) => label.toLowerCase().includes(part);
}
