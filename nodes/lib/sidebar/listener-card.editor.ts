import type { ListenTarget } from "../cockpit/listen-targets";
import type { ListenerAnswer, ListenerSummary } from "../cockpit/listener-endpoints";
import { rejectCounts } from "../cockpit/reject-reasons";
import { notify } from "../editor/parts/ask.editor";
import type { TopicRow } from "../live/topic-watch";
import { act, ask, may } from "./api.editor";
import { button, make, setCutText, setText, table } from "./dom.editor";
import { KeyedList, type Row } from "./keyed-list.editor";
import { copyButton, selectOnCanvas } from "./node-actions.editor";
import { NodeCard } from "./node-card.editor";
import { Pager } from "./pager.editor";
import { ago, rate, word } from "./words.editor";

/** A value older than its topic's last reading by so much says so. */
const STALE_MS = 1000;

/** A listener: how it is, where devices send to, its counts and its topics. */
export class ListenerCard implements Row<ListenerSummary> {
  readonly #id: string;
  readonly #card: NodeCard;
  readonly #pager: Pager;
  readonly #counts = make("p", "counts");
  readonly #targets: KeyedList<ListenTarget & { port: number }>;
  readonly #topics: KeyedList<TopicRow>;

  constructor({ id, editorId }: ListenerSummary) {
    const refresh = (): void => {
      void this.refresh();
    };
    this.#id = id;
    this.#card = new NodeCard(editorId, refresh);
    const targets = make("ul", "targets");
    this.#targets = new KeyedList(targets, ({ address, port }) => `${address} ${port}`, targetRow);
    if (may("udp-sensor-in.write")) {
      this.#card.buttons.prepend(button(word("send-test"), () => void this.#sendTest()));
    }
    this.#pager = new Pager(word("topics"), refresh, { rate: word("by-rate"), age: word("by-silence") });
    const topics = table([word("topic-and-reading"), word("rate"), word("age")]);
    topics.body.addEventListener("click", () => {
      // A text that is marked to be copied is not meant.
      if (getSelection()?.isCollapsed !== false) selectOnCanvas(editorId);
    });
    this.#topics = new KeyedList(topics.body, ({ topic }) => topic, topicRow);
    const heading = make("h4", "", word("send-to"));
    this.#card.body.append(heading, targets, this.#card.buttons, this.#counts);
    this.#card.body.append(make("h4", "", word("topics")), this.#pager.element, topics.element);
  }

  get element(): HTMLElement {
    return this.#card.element;
  }

  open(): void {
    this.#card.open();
  }

  update({ name, port, perSecond, state }: ListenerSummary): void {
    this.#card.show(name || (port === null ? "udp" : `udp ${port}`), port === null ? "" : rate(perSecond), state);
  }

  async refresh(): Promise<void> {
    if (!this.#card.isOpen) return;
    const answer = await ask<ListenerAnswer>(`udp/${encodeURIComponent(this.#id)}/live`, this.#pager.query("topic"));
    if (answer === undefined) return;
    const { targets, port, stats, topics } = answer;
    this.#targets.show(targets.map((target) => ({ ...target, port })));
    setText(this.#counts, countsOf(stats));
    this.#pager.show(topics);
    this.#topics.show(topics.rows);
  }

  async #sendTest(): Promise<void> {
    const sent = await act(`udp/${encodeURIComponent(this.#id)}/test`, {});
    if (sent === undefined) return;
    notify(word("test-sent", { address: String(sent.address), port: Number(sent.port) }), "success");
    await this.refresh();
  }
}

function countsOf({
  received,
  emitted,
  conflated,
  rejected,
  kernelDrops,
  threadDrops,
}: ListenerAnswer["stats"]): string {
  return [
    word("received", { received, emitted }),
    ...(conflated > 0 ? [word("conflated", { conflated })] : []),
    ...rejectCounts(rejected).map(({ reason, count }) => word("rejected-count", { reason, count })),
    kernelDrops === null && threadDrops === 0
      ? word("drops-unknown")
      : word("drops", { dropped: (kernelDrops ?? 0) + threadDrops }),
  ].join(" · ");
}

function targetRow({ address, port, isLocal, interface: name }: ListenTarget & { port: number }): Row<unknown> {
  const element = make("li");
  const text = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
  const about = isLocal ? word("this-machine") : name;
  element.append(
    make("code", "address", text),
    copyButton(() => text),
    make("span", "about", about),
  );
  return { element, update: () => undefined };
}

function topicRow({ topic }: TopicRow): Row<TopicRow> {
  const element = make("tr");
  const name = make("td", "wide");
  const sender = make("span", "about");
  const value = make("code", "value");
  const perSecond = make("td", "number");
  const age = make("td", "number");
  const label = make("span", "cut");
  setCutText(label, topic);
  name.append(label, value, sender);
  element.append(name, perSecond, age);
  return {
    element,
    update(row) {
      setCutText(sender, row.sender);
      setCutText(value, row.value);
      const isStale = row.valueAge - row.age > STALE_MS;
      value.classList.toggle("sensorcast-stale", isStale);
      if (isStale) value.title = word("value-of", { age: ago(row.valueAge) });
      setText(perSecond, rate(row.perSecond));
      setText(age, ago(row.age));
    },
  };
}
