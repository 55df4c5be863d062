import type { ListenerSummary, ListenersAnswer } from "../cockpit/listener-endpoints";
import type { ServerSummary, ServersAnswer } from "../cockpit/server-endpoints";
import { ask } from "./api.editor";
import { make } from "./dom.editor";
import { KeyedList } from "./keyed-list.editor";
import { ListenerCard } from "./listener-card.editor";
import { RejectedList } from "./rejected-list.editor";
import { ServerCard } from "./server-card.editor";
import { word } from "./words.editor";

/** Everything that the tab shows. */
export class Cockpit {
  readonly element = make("div", "sidebar");
  readonly #problem = make("p", "problem");
  readonly #listeners: KeyedList<ListenerSummary>;
  readonly #listenerCards = new Set<ListenerCard>();
  readonly #rejectedSection: HTMLDetailsElement;
  readonly #rejected: RejectedList;
  readonly #servers: KeyedList<ServerSummary>;
  readonly #serverCards = new Set<ServerCard>();
  readonly #noListeners = make("p", "empty", word("no-listeners"));
  readonly #noServers = make("p", "empty", word("no-servers"));

  constructor() {
    const listeners = section(word("listeners"));
    const rejected = section(word("rejected"));
    const servers = section(word("servers"));
    const listenerList = make("div");
    const serverList = make("div");
    listeners.append(this.#noListeners, listenerList);
    servers.append(this.#noServers, serverList);
    this.#rejectedSection = rejected;
    this.#rejected = new RejectedList(rejected);
    rejected.open = false;
    this.#listeners = new KeyedList<ListenerSummary>(listenerList, keyOf, (summary) => {
      const card = new ListenerCard(summary);
      if (this.#listenerCards.size === 0) card.open();
      this.#listenerCards.add(card);
      return card;
    });
    this.#servers = new KeyedList<ServerSummary>(serverList, keyOf, (summary) => {
      const card = new ServerCard(summary);
      if (this.#serverCards.size === 0) card.open();
      this.#serverCards.add(card);
      return card;
    });
    this.#problem.hidden = true;
    this.#problem.setAttribute("role", "alert");
    this.element.append(this.#problem, listeners, rejected, servers);
  }

  /** Somebody can see it: worth asking for news. */
  get isVisible(): boolean {
    return !document.hidden && this.element.offsetParent !== null;
  }

  /** Asks for news and shows them. Never throws. */
  async refresh(): Promise<void> {
    try {
      await Promise.all([this.#refreshListeners(), this.#refreshServers()]);
      this.#problem.hidden = true;
    } catch (error) {
      const { status = 0 } = error as { status?: number };
      this.#problem.textContent = word(status === 401 || status === 403 ? "not-permitted" : "not-answered");
      this.#problem.hidden = false;
    }
  }

  async #refreshListeners(): Promise<void> {
    const query: Record<string, number> = this.#rejectedSection.open ? { rejected: 1 } : {};
    const answer = await ask<ListenersAnswer>("udp", query);
    const { listeners = [], rejected = [] } = answer ?? {};
    this.#noListeners.hidden = listeners.length > 0;
    this.#listeners.show(listeners);
    this.#rejected.show(rejected, listeners);
    await refreshAttached(this.#listenerCards);
  }

  async #refreshServers(): Promise<void> {
    const { servers = [] } = (await ask<ServersAnswer>("ws")) ?? {};
    this.#noServers.hidden = servers.length > 0;
    this.#servers.show(servers);
    await refreshAttached(this.#serverCards);
  }
}

type Card = ListenerCard | ServerCard;

async function refreshAttached<C extends Card>(cards: Set<C>): Promise<void> {
  for (const card of cards) if (!card.element.isConnected) cards.delete(card);
  await Promise.all([...cards].map((card) => card.refresh()));
}

function keyOf({ id, editorId }: { readonly id: string; readonly editorId: string }): string {
  return `${id} ${editorId}`;
}

function section(title: string): HTMLDetailsElement {
  const element = make("details", "section");
  const summary = make("summary", "", title);
  element.open = true;
  element.append(summary);
  return element;
}
