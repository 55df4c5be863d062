import type { DatagramRow, ListenerAnswer, ListenerSummary } from "../cockpit/listener-endpoints";
import { rejectCounts } from "../cockpit/reject-reasons";
import { type Translate, translated } from "../text/sentence";
import { bytesOf, shownBytes } from "./parts/shown-bytes";
import { stateLines } from "./parts/state-lines.editor";
import { whileOpen } from "./parts/while-open.editor";

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
    // A node that does not run is asked again, since it may be deployed meanwhile.
    void whileOpen(box, () => this.#refresh());
  }

  get recent(): readonly DatagramRow[] {
    return this.#recent;
  }

  async #refresh(): Promise<void> {
    try {
      const [live, recent] = await Promise.all([
        $.getJSON(`${this.#url}/live`) as PromiseLike<ListenerAnswer | undefined>,
        $.getJSON(`${this.#url}/recent`) as PromiseLike<{ datagrams: readonly DatagramRow[] } | undefined>,
      ]);
      this.#recent = recent?.datagrams ?? [];
      if (live === undefined) this.#showNothing((await $.getJSON(`${this.#url}/state`)) as ListenerSummary | undefined);
      else this.#show(live);
    } catch {
      // Not to be read by this user, or Node-RED is restarting: what is shown stays.
    }
  }

  /** It is not deployed, or its configuration is not accepted. */
  #showNothing(summary: ListenerSummary | undefined): void {
    const why =
      summary === undefined ? $("<div>").text(this.#say("not-deployed")) : stateLines(summary.state, this.#translate);
    this.#box.empty().append($("<b>").text(this.#say("title")), why);
  }

  #show({ state, stats, perSecond }: ListenerAnswer): void {
    this.#box.empty().append($("<b>").text(this.#say("title")));
    const counts = [
      this.#say("rate", { rate: Math.round(perSecond * 10) / 10 }),
      this.#say("counts", { received: stats.received, emitted: stats.emitted }),
      ...(stats.conflated > 0 ? [this.#say("conflated", { count: stats.conflated })] : []),
      ...rejectCounts(stats.rejected).map(({ reason, count }) =>
        this.#say("rejected", { reason: translated(reason, this.#translate), count }),
      ),
    ];
    this.#box.append(" ", counts.join(", "));
    if (state.level !== "ok" || state.hints.length > 0) this.#box.append(stateLines(state, this.#translate));
    for (const { ip, fate, data } of this.#recent.slice(0, SHOWN_DATAGRAMS)) {
      const code = $("<code>").text(shownBytes(bytesOf(data)));
      const line = $("<div>", { class: "sensorcast-datagram" }).append($("<span>").text(ip), " ", code);
      this.#box.append(line.toggleClass("sensorcast-wrong", fate !== "emitted"));
    }
  }

  #say(key: string, values: Record<string, string | number> = {}): string {
    return this.#translate(`udp-sensor-in.arrivals.${key}`, values);
  }
}
