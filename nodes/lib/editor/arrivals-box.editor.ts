import type { DatagramRow, ListenerAnswer } from "../cockpit/listener-endpoints";
import { type Sentence, type Translate, translated } from "../text/sentence";
import { bytesOf, shownBytes } from "./shown-bytes";

const INTERVAL_MS = 1000;
const SHOWN_DATAGRAMS = 3;

/** What arrives at a listener right now, while its dialog is open. */
export class ArrivalsBox {
  readonly #box: JQuery;
  readonly #url: string;
  readonly #translate: Translate;
  #recent: readonly DatagramRow[] = [];

  /** @param id of the node, which may not be deployed yet */
  constructor(box: JQuery, id: string, translate: Translate) {
    this.#box = box.attr({ role: "group", "aria-label": translate("udp-sensor-in.arrivals.title", {}) });
    this.#url = `sensorcast/udp/${encodeURIComponent(id)}`;
    this.#translate = translate;
    void this.#follow();
  }

  get recent(): readonly DatagramRow[] {
    return this.#recent;
  }

  /** Until the dialog is closed. A node that does not run is asked again, since it may be deployed meanwhile. */
  async #follow(): Promise<void> {
    while (this.#box[0]?.isConnected) {
      if (document.visibilityState === "visible") await this.#refresh();
      await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
    }
  }

  async #refresh(): Promise<void> {
    try {
      const [live, recent] = await Promise.all([
        $.getJSON(`${this.#url}/live`) as PromiseLike<ListenerAnswer | undefined>,
        $.getJSON(`${this.#url}/recent`) as PromiseLike<{ datagrams: readonly DatagramRow[] } | undefined>,
      ]);
      this.#recent = recent?.datagrams ?? [];
      this.#show(live);
    } catch {
      // Not to be read by this user, or Node-RED is restarting: what is shown stays.
    }
  }

  #show(live: ListenerAnswer | undefined): void {
    this.#box.empty().append($("<b>").text(this.#say("title")));
    if (live === undefined) {
      this.#box.append($("<div>").text(this.#say("not-deployed")));
      return;
    }
    const { state, stats, perSecond } = live;
    const rejected = Object.entries(stats.rejected).filter(([, count]) => count > 0);
    const counts = [
      this.#say("rate", { rate: Math.round(perSecond * 10) / 10 }),
      this.#say("counts", { received: stats.received, emitted: stats.emitted }),
      ...(stats.conflated > 0 ? [this.#say("conflated", { count: stats.conflated })] : []),
      ...rejected.map(([reason, count]) => this.#say("rejected", { reason, count })),
    ];
    this.#box.append(" ", counts.join(", "));
    if (state.level !== "ok") this.#box.append(this.#stateOf(state));
    for (const { ip, fate, data } of this.#recent.slice(0, SHOWN_DATAGRAMS)) {
      const code = $("<code>").text(shownBytes(bytesOf(data)));
      const line = $("<div>", { class: "sensorcast-datagram" }).append($("<span>").text(ip), " ", code);
      this.#box.append(line.toggleClass("sensorcast-wrong", fate !== "emitted"));
    }
  }

  #stateOf({ text, hints }: ListenerAnswer["state"]): JQuery {
    const say = (sentence: Sentence): string => translated(sentence, this.#translate);
    return $("<div>").append($("<div>").text(say(text)), ...hints.map((hint) => $("<div>").text(say(hint))));
  }

  #say(key: string, values: Record<string, string | number> = {}): string {
    return this.#translate(`udp-sensor-in.arrivals.${key}`, values);
  }
}
