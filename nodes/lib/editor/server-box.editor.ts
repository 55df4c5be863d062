import type { ServerSummary } from "../cockpit/server-endpoints";
import { sentence, type Translate, translated } from "../text/sentence";
import { stateLines } from "./parts/state-lines.editor";
import { whileOpen } from "./parts/while-open.editor";

/** How a deployed server is doing, while a dialog is open that it is part of. */
export class ServerBox {
  readonly #box: JQuery;
  readonly #id: () => string;
  readonly #translate: Translate;
  #shown: string | undefined = "";

  /** @param id of the server, which another one may be chosen for; empty: none */
  constructor(box: JQuery, id: () => string, translate: Translate) {
    this.#box = box.attr("role", "status");
    this.#id = id;
    this.#translate = translate;
    void whileOpen(box, () => this.#refresh());
  }

  async #refresh(): Promise<void> {
    const id = this.#id();
    try {
      const url = `sensorcast/ws/${encodeURIComponent(id)}/state`;
      const answer = id === "" ? undefined : ((await $.getJSON(url)) as ServerSummary | undefined);
      if (id === this.#id()) this.#show(answer);
    } catch {
      // Not to be read by this user, or Node-RED is restarting: what is shown stays.
    }
  }

  /** What does not change is left alone: screen readers would say it every second. */
  #show(answer: ServerSummary | undefined): void {
    const shown = JSON.stringify(answer?.state);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#box.empty();
    if (answer === undefined) this.#box.text(translated(sentence("cockpit.not-deployed"), this.#translate));
    else this.#box.append(stateLines(answer.state, this.#translate));
  }
}
