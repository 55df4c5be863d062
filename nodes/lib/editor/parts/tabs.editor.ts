/** One tab of a dialog. Its pane is the element with the tab's id. */
export interface DialogTab {
  readonly id: string;
  readonly label: string;
}

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

/**
 * Tabs within a dialog. Not those of Node-RED, which are all of one width and cut off what does not fit. Keys and roles as in
 * the WAI-ARIA Authoring Practices, "Tabs".
 */
export class DialogTabs {
  readonly #buttons = new Map<string, JQuery>();

  /** Shows the first one. @param list is to become the row of tabs */
  constructor(list: JQuery, tabs: readonly DialogTab[]) {
    list.attr("role", "tablist");
    for (const { id, label } of tabs) {
      const button = $("<button>", { type: "button", role: "tab", id: `${id}-tab`, "aria-controls": id }).text(label);
      button.on("click", () => this.show(id));
      this.#buttons.set(id, button);
      list.append(button);
      $(`#${id}`).attr({ role: "tabpanel", "aria-labelledby": `${id}-tab` });
    }
    list.on("keydown", ({ key }) => this.#step(STEPS[key ?? ""] ?? 0));
    if (tabs[0] !== undefined) this.show(tabs[0].id);
  }

  show(id: string): void {
    for (const [tab, button] of this.#buttons) {
      const isShown = tab === id;
      button.attr({ "aria-selected": String(isShown), tabindex: isShown ? "0" : "-1" });
      $(`#${tab}`).prop("hidden", !isShown);
    }
  }

  rename(id: string, label: string): void {
    this.#buttons.get(id)?.text(label);
  }

  /** From the tab that is shown to one of its neighbours, with the focus. */
  #step(by: number): void {
    const ids = [...this.#buttons.keys()];
    const shown = ids.findIndex((id) => this.#buttons.get(id)?.attr("aria-selected") === "true");
    const next = ids[shown + by];
    if (by === 0 || next === undefined) return;
    this.show(next);
    this.#buttons.get(next)?.trigger("focus");
  }
}
