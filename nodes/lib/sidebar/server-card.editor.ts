import type { ServerAnswer, ServerPlace, ServerSummary } from "../cockpit/server-endpoints";
import type { RefusalRow } from "../live/refusal-history";
import { webSocketAddress } from "../ws/endpoint/web-address";
import type { ClientRow, PublishedTopicRow } from "../ws/server-inspector";
import { act, ask, may } from "./api.editor";
import { button, make, setCutText, setText, table } from "./dom.editor";
import { KeyedList, type Row } from "./keyed-list.editor";
import { allow, allowButton, copyButton, showTokens } from "./node-actions.editor";
import { NodeCard } from "./node-card.editor";
import { Pager } from "./pager.editor";
import { ago, rate, say, word } from "./words.editor";

/** Refusals that a list of the server would have avoided: which list, and which value of the reason is missing there. */
const REMEDIES: Readonly<Record<string, { property: "origins" | "allow"; value: string }>> = {
  "admission.origin-foreign": { property: "origins", value: "origin" },
  "admission.origin-no-host": { property: "origins", value: "origin" },
  "admission.origin-unproven": { property: "origins", value: "origin" },
  "admission.address-not-allowed": { property: "allow", value: "address" },
};

/** A server: its address, who is connected, what they get, and who was refused. */
export class ServerCard implements Row<ServerSummary> {
  readonly #path: string;
  readonly #card: NodeCard;
  readonly #url = make("code", "address");
  readonly #page = make("a", "", word("open-page"));
  readonly #clientPager: Pager;
  readonly #topicPager: Pager;
  readonly #clients: KeyedList<ClientRow>;
  readonly #topics: KeyedList<PublishedTopicRow>;
  readonly #refusals: KeyedList<RefusalRow>;
  readonly #noRefusals = make("p", "empty", word("none-refused"));

  constructor({ id, editorId }: ServerSummary) {
    const refresh = (): void => {
      void this.refresh();
    };
    this.#path = `ws/${encodeURIComponent(id)}`;
    this.#card = new NodeCard(editorId, refresh);
    this.#page.className = "red-ui-button red-ui-button-small";
    this.#page.target = "_blank";
    this.#page.rel = "noopener";
    this.#card.buttons.prepend(this.#page);
    if (may("flows.write")) this.#card.buttons.append(button(word("tokens"), () => showTokens(editorId)));
    this.#clientPager = new Pager(word("clients"), refresh);
    this.#topicPager = new Pager(word("topics"), refresh, { age: word("by-silence") });

    const url = make("div", "line");
    url.append(
      this.#url,
      copyButton(() => this.#url.textContent ?? ""),
    );
    const clients = make("ul", "cards");
    this.#clients = new KeyedList(
      clients,
      ({ client }) => client,
      (row) => this.#clientRow(row),
    );
    const topics = table([word("topic-and-reading"), word("clients"), word("age")]);
    this.#topics = new KeyedList(
      topics.body,
      ({ topic }) => topic,
      (row) => this.#topicRow(row),
    );
    const refusals = make("ul", "cards");
    this.#refusals = new KeyedList(refusals, refusalKey, (row) => refusalRow(row, editorId));
    const { body, buttons } = this.#card;
    body.append(make("h4", "", word("address")), url, buttons);
    body.append(make("h4", "", word("clients")), this.#clientPager.element, clients);
    body.append(make("h4", "", word("refused")), this.#noRefusals, refusals);
    body.append(make("h4", "", word("topics")), this.#topicPager.element, topics.element);
  }

  get element(): HTMLElement {
    return this.#card.element;
  }

  open(): void {
    this.#card.open();
  }

  update({ name, place, state, overview }: ServerSummary): void {
    const address = place === null ? "" : addressOf(place);
    const figure = overview === null ? "" : word("client-count", { clients: overview.clients });
    this.#card.show(name || (place === null ? "ws-broadcast-server" : address), figure, state);
    setCutText(this.#url, address);
    const page = `${address.replace(/^ws/, "http")}/`;
    if (this.#page.href !== page) this.#page.href = page;
  }

  async refresh(): Promise<void> {
    if (!this.#card.isOpen) return;
    const query = { ...this.#clientPager.query("client"), ...this.#topicPager.query("topic") };
    const answer = await ask<ServerAnswer>(`${this.#path}/live`, query);
    if (answer === undefined) return;
    this.#clientPager.show(answer.clients);
    this.#clients.show(answer.clients.rows);
    this.#topicPager.show(answer.topics);
    this.#topics.show(answer.topics.rows);
    this.#noRefusals.hidden = answer.refusals.length > 0;
    this.#refusals.show(answer.refusals);
  }

  async #act(action: "disconnect" | "forget", body: object): Promise<void> {
    await act(`${this.#path}/${action}`, body);
    await this.refresh();
  }

  #clientRow({ client }: ClientRow): Row<ClientRow> {
    const element = make("li");
    const head = make("div", "line");
    const address = make("code", "address");
    const token = make("span", "about");
    head.append(address, token);
    if (may("ws-broadcast-server.write")) {
      head.append(button(word("disconnect"), () => void this.#act("disconnect", { client })));
    }
    const wants = make("p", "cut");
    const counts = make("p", "about");
    element.append(head, wants, counts);
    return {
      element,
      update(row) {
        setText(address, row.address);
        setCutText(token, row.token);
        const topics = row.topics.length === 0 ? word("all-topics") : row.topics.join(", ");
        const every = row.every > 0 ? ` · ${word("every", { ms: row.every })}` : "";
        setCutText(wants, `${topics} · ${row.mode}${every} · ${word("connected-for", { age: ago(row.age) })}`);
        setText(counts, clientCounts(row));
      },
    };
  }

  #topicRow({ topic }: PublishedTopicRow): Row<PublishedTopicRow> {
    const element = make("tr");
    const name = make("td", "wide");
    const label = make("span", "cut");
    const value = make("code", "value");
    const clients = make("td", "number");
    const age = make("td", "number");
    setCutText(label, topic);
    name.append(label, value);
    if (may("ws-broadcast-server.write")) {
      const forget = button(word("forget"), () => void this.#act("forget", { topic }));
      forget.title = word("forget-hint");
      name.append(forget);
    }
    element.append(name, clients, age);
    return {
      element,
      update(row) {
        setCutText(value, row.value);
        setText(clients, String(row.clients));
        setText(age, ago(row.age));
      },
    };
  }
}

function addressOf({ path, port, host, isTls }: ServerPlace): string {
  return webSocketAddress(
    { path, port: port === null ? "" : String(port), host, isTls },
    RED.settings.httpNodeRoot,
    location,
  );
}

function clientCounts({ perSecond, delivered, pending, waitingBytes, dropped, conflated }: ClientRow): string {
  const behind = pending === null ? [] : [word("pending", { pending })];
  const waiting = waitingBytes > 0 ? [word("waiting", { bytes: waitingBytes })] : [];
  const lost = [word("dropped", { dropped }), word("conflated", { conflated })];
  return [rate(perSecond), word("delivered", { delivered }), ...behind, ...waiting, ...lost].join(" · ");
}

function refusalKey({ status, reason }: RefusalRow): string {
  return `${status} ${JSON.stringify(reason)}`;
}

function refusalRow({ status, reason }: RefusalRow, editorId: string): Row<RefusalRow> {
  const element = make("li");
  const head = make("div", "line");
  const about = make("span", "about");
  head.append(make("strong", "", String(status)), about);
  const remedy = REMEDIES[reason.key];
  const missing = remedy && reason.values[remedy.value];
  if (remedy !== undefined && typeof missing === "string" && missing !== "") {
    const text = word(remedy.property === "origins" ? "allow-origin" : "allow-address");
    head.append(...allowButton(text, () => allow(editorId, remedy.property, missing)));
  }
  element.append(head, make("p", "reason", say(reason)));
  return {
    element,
    update: ({ count, address, age }) => setText(about, word("refused-count", { count, address, age: ago(age) })),
  };
}
