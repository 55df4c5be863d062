import type { Page } from "../live/name-index";
import { button, make, setText } from "./dom.editor";
import { word } from "./words.editor";

/** Search, order and page of a table, and the controls for them. */
export class Pager {
  readonly element = make("div", "pager");
  readonly #search = make("input", "search");
  readonly #order: HTMLSelectElement | undefined;
  readonly #place = make("span", "place");
  readonly #back: HTMLButtonElement;
  readonly #forth: HTMLButtonElement;
  #page = 0;

  /**
   * @param changed something else is to be shown
   * @param orders what the table can be ordered by, besides names; with their labels
   */
  constructor(label: string, changed: () => void, orders: Readonly<Record<string, string>> = {}) {
    const go = (page: number) => () => {
      this.#page = page;
      changed();
    };
    this.#search.type = "search";
    this.#search.placeholder = word("search");
    this.#search.setAttribute("aria-label", `${word("search")}: ${label}`);
    this.#search.addEventListener("input", () => go(0)());
    this.#back = button("‹", () => go(Math.max(this.#page - 1, 0))());
    this.#back.setAttribute("aria-label", word("back"));
    this.#forth = button("›", () => go(this.#page + 1)());
    this.#forth.setAttribute("aria-label", word("forth"));
    this.element.append(this.#search);
    if (Object.keys(orders).length > 0) {
      this.#order = make("select", "order");
      this.#order.setAttribute("aria-label", `${word("order")}: ${label}`);
      for (const [value, text] of Object.entries({ "": word("by-name"), ...orders })) {
        this.#order.append(new Option(text, value));
      }
      this.#order.addEventListener("change", () => go(0)());
      this.element.append(this.#order);
    }
    this.element.append(this.#back, this.#place, this.#forth);
  }

  /** As the admin API wants it. */
  query(table: "topic" | "client"): Record<string, string | number> {
    return {
      [`${table}s`]: this.#page,
      [`${table}Search`]: this.#search.value,
      [`${table}By`]: this.#order?.value ?? "",
    };
  }

  show({ page, pages, matched, total }: Page<unknown>): void {
    this.#page = page;
    const of = matched === total ? String(total) : word("found", { matched, total });
    setText(this.#place, pages > 1 ? word("page", { page: page + 1, pages, of }) : of);
    this.#back.hidden = pages === 1;
    this.#forth.hidden = pages === 1;
    this.#back.disabled = page === 0;
    this.#forth.disabled = page >= pages - 1;
  }
}
