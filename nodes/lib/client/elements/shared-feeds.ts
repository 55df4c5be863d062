import { matchesAny } from "../../mqtt/topic-filter";
import { connect, type Feed, type FeedOptions, type FeedStatus, type Reading } from "../client.mjs";

/** A sender may invent topics: beyond, it is found out anew whom they are for. */
const MAX_TOPICS_KNOWN = 10_000;

/** What an element wants to know. */
export interface Subscriber {
  /** MQTT topic filters, at least one. */
  readonly topics: readonly string[];
  received(reading: Reading): void;
  changed(status: FeedStatus): void;
}

type SharedOptions = Pick<FeedOptions, "url" | "token" | "history">;

/** One connection for all elements that appear together and differ in nothing but their topics. */
class SharedFeed {
  readonly #subscribers = new Set<Subscriber>();
  readonly #known = new Map<string, readonly Subscriber[]>();
  #feed: Feed | undefined;

  get isOpen(): boolean {
    return this.#feed !== undefined;
  }

  add(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber);
  }

  remove(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
    this.#known.clear();
    if (this.#subscribers.size === 0) this.#feed?.close();
  }

  open(options: SharedOptions): void {
    if (this.#subscribers.size === 0) return;
    const topics = new Set([...this.#subscribers].flatMap((subscriber) => subscriber.topics));
    this.#feed = connect({ ...options, topics: [...topics], mode: "latest", batch: true });
    this.#feed.on("reading", (reading) => {
      for (const subscriber of this.#subscribersOf(reading.topic)) subscriber.received(reading);
    });
    const tell = (status: FeedStatus): void => {
      for (const subscriber of this.#subscribers) subscriber.changed(status);
    };
    this.#feed.on("state", tell);
    tell(this.#feed.status);
  }

  #subscribersOf(topic: string): readonly Subscriber[] {
    const known = this.#known.get(topic);
    if (known !== undefined) return known;
    if (this.#known.size >= MAX_TOPICS_KNOWN) this.#known.clear();
    const found = [...this.#subscribers].filter(({ topics }) => matchesAny(topics, topic));
    this.#known.set(topic, found);
    return found;
  }
}

/** Those that wait for the rest of their batch: the elements that the page adds in one go. */
const waiting = new Map<string, SharedFeed>();

/**
 * Has readings delivered. Who subscribes later gets a connection of its own, since a server sends what came before only at
 * the beginning.
 * @returns ends it
 */
export function subscribe(options: SharedOptions, subscriber: Subscriber): () => void {
  const key = JSON.stringify([options.url, options.token, options.history]);
  const shared = waiting.get(key) ?? new SharedFeed();
  if (!waiting.has(key)) {
    waiting.set(key, shared);
    queueMicrotask(() => {
      waiting.delete(key);
      shared.open(options);
    });
  }
  shared.add(subscriber);
  return () => shared.remove(subscriber);
}
