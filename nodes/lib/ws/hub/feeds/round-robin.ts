import type { HubClient } from "../hub-client";
import type { Topic } from "../log/topic";
import type { SubscriptionGroup } from "../subscription-group";
import type { Pass } from "./feed";

export interface Room {
  /** In bytes. */
  readonly room: number;
  /** Otherwise a reading larger than all the room may go by itself. */
  readonly mustFit: boolean;
}

export interface Written {
  /** A topic was left out for lack of room. */
  readonly isFull: boolean;
  /** When the first of the topics that rest may be sent; infinite: none rests. */
  readonly dueAt: number;
}

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
  readonly #floor: number;
  readonly #everyMs: number;
  readonly #sent = new Map<Topic, Turn>();
  /** Id of the topic that was visited last. */
  #visited = 0;

  /**
   * @param floor readings before this sequence number count as sent
   * @param everyMs a topic is sent at most once each so many ms; 0: no limit
   */
  constructor(floor: number, everyMs: number) {
    this.#floor = floor;
    this.#everyMs = everyMs;
  }

  /** Whether the newest reading of a topic was not sent yet. */
  isUnsent(topic: Topic): boolean {
    return topic.newest >= this.#floor && topic.newest > (this.#sent.get(topic)?.seq ?? 0) && !topic.removed;
  }

  /** When the topic may be sent, on the clock of `sent`. */
  dueAt(topic: Topic): number {
    const turn = this.#everyMs === 0 ? undefined : this.#sent.get(topic);
    return turn === undefined ? 0 : turn.at + this.#everyMs;
  }

  /** Adds to the pass's writer what the client is due, one topic after the other. Linear in the number of topics. */
  write(client: HubClient, pass: Pass, { room, mustFit }: Room): Written {
    const { writer, chunks } = pass;
    const { group, joined, tally } = client;
    const now = pass.now();
    const topics = pass.topics.inOrderOfCreation;
    const first = this.firstOf(topics);
    let dueAt = Number.POSITIVE_INFINITY;
    let isFull = mustFit && room <= 0;
    for (let visited = 0; visited < topics.length && !isFull; visited++) {
      const topic = topics[(first + visited) % topics.length];
      if (topic === undefined || !this.isUnsent(topic) || !group.matches(topic)) continue;
      const topicDueAt = this.dueAt(topic);
      if (topicDueAt > now) {
        dueAt = Math.min(dueAt, topicDueAt);
        continue;
      }
      const reading = chunks.newestOf(topic);
      const length = writer.length + reading.end - reading.start;
      isFull = length > room && (writer.length > 0 || mustFit);
      if (isFull) break;
      writer.add(reading, group.enveloped);
      this.sent(topic, now);
      tally.delivered++;
      if (topic.newest < joined.seq) tally.extraOffered++;
    }
    if (!isFull) this.#prune(pass.topics.size);
    return { isFull, dueAt };
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

  /**
   * Topics that a group's client is yet to be sent. Linear in the number of topics.
   * @param from sequence number of the first reading that counts
   */
  pending(topics: readonly Topic[], group: SubscriptionGroup, from: number): number {
    let pending = 0;
    for (const topic of topics) if (topic.newest >= from && this.isUnsent(topic) && group.matches(topic)) pending++;
    return pending;
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

  /** Forgets removed topics, when they are many. Linear, but seldom. */
  #prune(liveTopics: number): void {
    if (this.#sent.size <= 2 * liveTopics + 16) return;
    for (const topic of this.#sent.keys()) if (topic.removed) this.#sent.delete(topic);
  }
}
