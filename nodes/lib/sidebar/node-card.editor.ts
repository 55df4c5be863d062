import type { NodeState } from "../cockpit/node-state";
import { button, make, setCutText, setText } from "./dom.editor";
import { reveal, selectOnCanvas } from "./node-actions.editor";
import { say, word } from "./words.editor";

/** One node of the sidebar: how it is in one line, and more when it is opened. */
export class NodeCard {
  readonly element = make("details", "node");
  readonly body = make("div", "body");
  readonly buttons = make("div", "buttons");
  readonly #dot = make("span", "dot");
  readonly #name = make("span", "name");
  readonly #figure = make("span", "figure");
  readonly #state = make("span", "state");
  readonly #hints = make("ul", "hints");

  constructor(editorId: string, opened: () => void) {
    const summary = make("summary");
    summary.append(this.#dot, this.#name, this.#figure, this.#state);
    this.buttons.append(button(word("show-node"), () => reveal(editorId)));
    summary.addEventListener("click", () => selectOnCanvas(editorId));
    this.body.append(this.#hints);
    this.element.append(summary, this.body);
    this.element.addEventListener("toggle", () => {
      if (this.isOpen) opened();
    });
  }

  get isOpen(): boolean {
    return this.element.open;
  }

  open(): void {
    this.element.open = true;
  }

  show(name: string, figure: string, { level, text, hints }: NodeState): void {
    setCutText(this.#name, name);
    setText(this.#figure, figure);
    this.element.dataset.level = level;
    this.#dot.title = say(text);
    setText(this.#state, say(text));
    const said = hints.map((hint) => say(hint));
    if (this.#hints.dataset.said === said.join("\n")) return;
    this.#hints.dataset.said = said.join("\n");
    this.#hints.replaceChildren(...said.map((hint) => make("li", "", hint)));
  }
}
