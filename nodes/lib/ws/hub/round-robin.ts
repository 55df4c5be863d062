import type { Topic } from "./topic";

/** What a client was last sent of one topic. */
interface Turn {
  seq: number;
  at: number;
}

/**
 * Which topic's newest reading a client is sent next, for a client that gets them by topic rather than one by one.
 * Topics are visited in order of creation, round and round, so that none starves however the others are updated:
 * picking by recency of update alone can, with a periodic feed, choose one topic for ever.
 */
export class RoundRobin {
  readonly #sent = new Map<Topic, Turn>();
  /** Id of the topic that was visited last. */
  #visited = 0;

  /**
   * @param floor readings before this sequence number count as sent
   * @param everyMs a topic is sent at most once each so many ms; 0: no limit
   */
  constructor(
    private readonly floor: number,
    private readonly everyMs: number,
  ) {}

  /** Whether the newest reading of a topic was not sent yet. */
  isUnsent(topic: Topic): boolean {
    return topic.newest >= this.floor && topic.newest > (this.#sent.get(topic)?.seq ?? 0) && !topic.gone;
  }

  /** When the topic may be sent, on the clock of `sent`. */
  dueAt(topic: Topic): number {
    const turn = this.everyMs === 0 ? undefined : this.#sent.get(topic);
    return turn === undefined ? 0 : turn.at + this.everyMs;
  }

  /** Notes that the newest reading of a topic was sent; the next visit begins behind it. */
  sent(topic: Topic, now: number): void {
    const turn = this.#sent.get(topic);
    if (turn === undefined) this.#sent.set(topic, { seq: topic.newest, at: now });
    else {
      turn.seq = topic.newest;
      turn.at = now;
    }
    this.#visited = topic.id;
  }

  /** Index of the topic to visit first. @param topics in order of creation */
  firstOf(topics: readonly Topic[]): number {
    let low = 0;
    let high = topics.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((topics[middle] as Topic).id <= this.#visited) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Forgets topics that are gone, when they are many. Linear, but seldom. */
  prune(liveTopics: number): void {
    if (this.#sent.size <= 2 * liveTopics + 16) return;
    for (const topic of this.#sent.keys()) if (topic.gone) this.#sent.delete(topic);
  }
}
