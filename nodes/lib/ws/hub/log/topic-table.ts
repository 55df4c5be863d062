import { SlotSet } from "./slot-set";
import type { StoredReading } from "./stored-reading";
import { Topic } from "./topic";

export interface TopicTableOptions {
  readonly maxTopics: number;
  /** Of all newest readings that have left the log, and of the names of all topics. */
  readonly maxBytes: number;
  /** A topic is no more: it was forgotten, or given up for newer ones. */
  onRemove(topic: Topic): void;
}

/** All topics by name, by slot and by recency, bounded in number and in bytes. */
export class TopicTable {
  readonly #options: TopicTableOptions;
  readonly #byName = new Map<string, Topic>();
  readonly #bySlot: (Topic | undefined)[] = [];
  readonly #freeSlots: number[] = [];
  readonly #live = new SlotSet();
  #oldest: Topic | undefined;
  #newest: Topic | undefined;
  #bytes = 0;
  #evicted = 0;

  constructor(options: TopicTableOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#byName.size;
  }

  /** Topics given up because there were too many, or too many bytes in their names and newest readings. */
  get evicted(): number {
    return this.#evicted;
  }

  /** The topic whose newest reading is the oldest; the others follow by `newer`. */
  get leastRecent(): Topic | undefined {
    return this.#oldest;
  }

  /** In order of creation. */
  all(): Iterable<Topic> {
    return this.#byName.values();
  }

  /** The topic with the newest reading; the others follow by `older`. */
  get mostRecent(): Topic | undefined {
    return this.#newest;
  }

  /** Slots that are taken. */
  get live(): SlotSet {
    return this.#live;
  }

  /**
   * Sequence number of the first newest reading of a topic that was published at a time or later, in ms of the hub's clock.
   * Linear in the topics whose newest reading is older.
   */
  firstSince(time: number): number {
    let topic = this.#oldest;
    while (topic !== undefined && topic.publishedAt < time) topic = topic.newer;
    return topic?.newest ?? Number.POSITIVE_INFINITY;
  }

  get(name: string): Topic | undefined {
    return this.#byName.get(name);
  }

  at(slot: number): Topic | undefined {
    return this.#bySlot[slot];
  }

  /** The topic of that name, now the most recent one. May give up the least recent ones instead. */
  touch(name: string): Topic {
    const existing = this.#byName.get(name);
    if (existing === this.#newest && existing !== undefined) return existing;
    if (existing === undefined) return this.#create(name);
    this.#unlink(existing);
    this.#linkNewest(existing);
    return existing;
  }

  /** Retains a topic's newest reading, which leaves the log. May give up the least recent topics. */
  retain(topic: Topic, reading: StoredReading): void {
    topic.retained = reading;
    this.#bytes += reading.bytes.length;
    this.#shrink();
  }

  /** Notes the sequence number and time of a topic's next newest reading, which the log is about to hold. */
  renew(topic: Topic, seq: number, publishedAt: number): void {
    topic.newest = seq;
    topic.publishedAt = publishedAt;
    this.#release(topic);
  }

  remove(topic: Topic): void {
    if (topic.removed) return;
    this.#release(topic);
    this.#bytes -= topic.name.length;
    this.#byName.delete(topic.name);
    this.#bySlot[topic.slot] = undefined;
    this.#freeSlots.push(topic.slot);
    this.#live.delete(topic.slot);
    this.#unlink(topic);
    topic.markRemoved();
    this.#options.onRemove(topic);
  }

  #create(name: string): Topic {
    if (this.#byName.size >= this.#options.maxTopics && this.#oldest !== undefined) this.#evict(this.#oldest);
    const topic = new Topic(name);
    topic.slot = this.#freeSlots.pop() ?? this.#bySlot.length;
    this.#bySlot[topic.slot] = topic;
    this.#live.add(topic.slot);
    this.#byName.set(name, topic);
    this.#linkNewest(topic);
    this.#bytes += name.length;
    this.#shrink();
    return topic;
  }

  /** The most recent topic stays, whatever it takes. */
  #shrink(): void {
    while (this.#bytes > this.#options.maxBytes && this.#oldest !== undefined && this.#oldest !== this.#newest) {
      this.#evict(this.#oldest);
    }
  }

  #evict(topic: Topic): void {
    this.remove(topic);
    this.#evicted++;
  }

  #release(topic: Topic): void {
    this.#bytes -= topic.retained?.bytes.length ?? 0;
    topic.retained = undefined;
  }

  #linkNewest(topic: Topic): void {
    topic.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = topic;
    else this.#newest.newer = topic;
    this.#newest = topic;
  }

  #unlink(topic: Topic): void {
    if (topic.older === undefined) this.#oldest = topic.newer;
    else topic.older.newer = topic.newer;
    if (topic.newer === undefined) this.#newest = topic.older;
    else topic.newer.older = topic.older;
    topic.older = undefined;
    topic.newer = undefined;
  }
}
