import type { Clock } from "../../time/clock";

/** A topic fell silent, or is heard again. */
export interface TopicChange {
  /** Address that the topic's last reading came from. */
  readonly sender: string;
  readonly topic: string;
  readonly state: "offline" | "online";
  /** Milliseconds since the epoch: when the last reading before the silence arrived, or the first one after it. */
  readonly since: number;
}

/** The last reading of a topic. */
interface LastReading {
  readonly sender: string;
  /** When it arrived, by the monotonic clock. */
  readonly at: number;
  /** When it arrived, in milliseconds since the epoch. */
  readonly since: number;
}

export interface TopicSilenceOptions {
  /** How long a topic may be silent before it counts as offline. */
  readonly silenceMs: number;
  readonly report: (change: TopicChange) => void;
  readonly clock: Clock;
  readonly maxTopics?: number;
}

/** Senders are free to invent topics. When there are more than this, those that were silent longest are forgotten. */
const MAX_TOPICS = 10_000;

/**
 * Reports when a topic has been silent for a while, and when it is heard again; a topic that is heard for the first time
 * is no news. Takes constant time per reading. One timer serves all topics, and runs only while a topic is online.
 */
export class TopicSilence {
  readonly #options: Required<TopicSilenceOptions>;
  /** Both are in the order of the last reading. */
  readonly #online = new Map<string, LastReading>();
  readonly #offline = new Map<string, LastReading>();
  #cancel: (() => void) | undefined;

  constructor(options: TopicSilenceOptions) {
    this.#options = { maxTopics: MAX_TOPICS, ...options };
  }

  /** Takes note of a reading. @param sender the address that it came from */
  heard(topic: string, sender: string): void {
    const { clock } = this.#options;
    const reading: LastReading = { sender, at: clock.now(), since: clock.wallTime() };
    const wasOnline = this.#online.delete(topic);
    this.#online.set(topic, reading);
    if (!wasOnline) this.#becameOnline(topic, reading);
    if (this.#cancel === undefined) this.#schedule();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #becameOnline(topic: string, { sender, since }: LastReading): void {
    const { report, maxTopics } = this.#options;
    if (this.#offline.delete(topic)) report({ sender, topic, state: "online", since });
    if (this.#online.size + this.#offline.size <= maxTopics) return;
    const crowded = this.#offline.size > 0 ? this.#offline : this.#online;
    const [longestSilent] = crowded.keys();
    if (longestSilent !== undefined) crowded.delete(longestSilent);
  }

  #schedule(): void {
    const { clock, silenceMs } = this.#options;
    const [oldest] = this.#online.values();
    this.#cancel = undefined;
    if (oldest === undefined) return;
    const dueMs = Math.max(0, Math.ceil(oldest.at + silenceMs - clock.now()));
    this.#cancel = clock.timeout(() => {
      // If the event loop was busy, readings that arrived in time may still be waiting in the socket: they come first.
      this.#cancel = clock.immediate(() => this.#check());
    }, dueMs);
  }

  #check(): void {
    const { clock, silenceMs, report } = this.#options;
    const silentSince = clock.now() - silenceMs;
    for (const [topic, { sender, at, since }] of this.#online) {
      if (at > silentSince) break;
      this.#online.delete(topic);
      this.#offline.set(topic, { sender, at, since });
      report({ sender, topic, state: "offline", since });
    }
    this.#schedule();
  }
}
