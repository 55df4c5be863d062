import type { Clock } from "../../time/clock";

/** A topic fell silent, or is heard again. */
export interface SenderEvent {
  /** Address that its last reading came from. */
  readonly sender: string;
  readonly topic: string;
  readonly state: "offline" | "online";
  /** Milliseconds since the epoch: when the last reading before the silence arrived, or the first one after it. */
  readonly since: number;
}

interface Heard {
  readonly sender: string;
  /** Of the monotonic clock. */
  readonly at: number;
  readonly since: number;
}

/** More topics than this are watched least recently heard out; a sender is free to invent topics. */
const MAX_TOPICS = 10_000;

/**
 * Tells when a topic has been silent for a while, and when it returns; not when it is heard for the first time. Constant
 * time per reading, one timer for all topics, which runs only while one of them may fall silent.
 */
export class TopicSilence {
  /** Both in order of the last reading. */
  readonly #online = new Map<string, Heard>();
  readonly #offline = new Map<string, Heard>();
  #cancel: (() => void) | undefined;

  constructor(
    private readonly silenceMs: number,
    private readonly report: (event: SenderEvent) => void,
    private readonly clock: Clock,
    private readonly maxTopics = MAX_TOPICS,
  ) {}

  heard(topic: string, sender: string): void {
    const heard: Heard = { sender, at: this.clock.now(), since: this.clock.wallTime() };
    const wasOnline = this.#online.delete(topic);
    this.#online.set(topic, heard);
    if (!wasOnline) this.#arrived(topic, heard);
    if (this.#cancel === undefined) this.#schedule();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #arrived(topic: string, { sender, since }: Heard): void {
    if (this.#offline.delete(topic)) this.report({ sender, topic, state: "online", since });
    if (this.#online.size + this.#offline.size <= this.maxTopics) return;
    const crowded = this.#offline.size > 0 ? this.#offline : this.#online;
    const [leastRecent] = crowded.keys();
    if (leastRecent !== undefined) crowded.delete(leastRecent);
  }

  #schedule(): void {
    const [oldest] = this.#online.values();
    this.#cancel = undefined;
    if (oldest === undefined) return;
    const dueMs = Math.max(0, Math.ceil(oldest.at + this.silenceMs - this.clock.now()));
    this.#cancel = this.clock.timeout(() => {
      // After a busy spell, readings that came in time still wait to be read: they go first.
      this.#cancel = this.clock.immediate(() => this.#check());
    }, dueMs);
  }

  #check(): void {
    const lastAccepted = this.clock.now() - this.silenceMs;
    for (const [topic, heard] of this.#online) {
      if (heard.at > lastAccepted) break;
      this.#online.delete(topic);
      this.#offline.set(topic, heard);
      this.report({ sender: heard.sender, topic, state: "offline", since: heard.since });
    }
    this.#schedule();
  }
}
