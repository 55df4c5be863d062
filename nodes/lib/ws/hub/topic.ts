import type { StoredReading } from "./stored-reading";
import type { SubscriptionGroup } from "./subscription-group";

/** One topic of the hub. Topics form a list by recency of their newest reading. */
export class Topic {
  /** Sequence number of the newest reading. */
  newest = 0;
  /** The newest reading, once it has left the log. */
  kept: StoredReading | undefined;
  /** Groups that get this topic's readings; current while `matchedAt` is the hub's filter version. */
  groups: ReadonlySet<SubscriptionGroup> = new Set();
  matchedAt = -1;
  /** The topic was given up for newer ones; its readings may still be in the log. */
  gone = false;
  older: Topic | undefined;
  newer: Topic | undefined;
  #envelopeStart: Buffer | undefined;

  constructor(
    /** Order of creation. */
    readonly id: number,
    readonly name: string,
  ) {}

  /** What an envelope of this topic starts with. */
  get envelopeStart(): Buffer {
    this.#envelopeStart ??= Buffer.from(`{"topic":${JSON.stringify(this.name)},"payload":`);
    return this.#envelopeStart;
  }
}

/** All topics by name and by recency, bounded in number. */
export class TopicTable {
  readonly #byName = new Map<string, Topic>();
  #byAge: Topic[] = [];
  #nextId = 1;
  #oldest: Topic | undefined;
  #newest: Topic | undefined;
  #retainedBytes = 0;
  /** Topics given up because there were too many, or too many bytes in their newest readings. */
  evicted = 0;

  constructor(
    private readonly maxTopics: number,
    private readonly maxRetainedBytes: number,
  ) {}

  get size(): number {
    return this.#byName.size;
  }

  /** The topic whose newest reading is the oldest. */
  get leastRecent(): Topic | undefined {
    return this.#oldest;
  }

  get(name: string): Topic | undefined {
    return this.#byName.get(name);
  }

  /** The topic of that name, now the most recent one. May give up the least recent one instead. */
  touch(name: string): Topic {
    let topic = this.#byName.get(name);
    if (topic === undefined) {
      if (this.#byName.size >= this.maxTopics && this.#oldest !== undefined) this.#evict(this.#oldest);
      topic = new Topic(this.#nextId++, name);
      this.#byName.set(name, topic);
      this.#byAge.push(topic);
    } else {
      if (topic === this.#newest) return topic;
      this.#unlink(topic);
    }
    topic.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = topic;
    else this.#newest.newer = topic;
    this.#newest = topic;
    return topic;
  }

  /** Keeps a topic's newest reading, which leaves the log. May give up the least recent topics. */
  keep(topic: Topic, reading: StoredReading): void {
    topic.kept = reading;
    this.#retainedBytes += reading.bytes.length;
    while (this.#retainedBytes > this.maxRetainedBytes && this.#oldest !== undefined) this.#evict(this.#oldest);
  }

  /** Notes the sequence number of a topic's next newest reading, which the log is about to hold. */
  renew(topic: Topic, seq: number): void {
    topic.newest = seq;
    this.#release(topic);
  }

  remove(topic: Topic): void {
    if (topic.gone) return;
    topic.gone = true;
    this.#release(topic);
    this.#byName.delete(topic.name);
    this.#unlink(topic);
    if (this.#byAge.length > 2 * this.#byName.size + 16) this.#byAge = this.#byAge.filter((other) => !other.gone);
  }

  /** Topics in order of creation; some may be gone. Valid until the next topic is created or removed. */
  get inOrderOfCreation(): readonly Topic[] {
    return this.#byAge;
  }

  #evict(topic: Topic): void {
    this.remove(topic);
    this.evicted++;
  }

  #release(topic: Topic): void {
    this.#retainedBytes -= topic.kept?.bytes.length ?? 0;
    topic.kept = undefined;
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
