import type { StoredReading } from "./stored-reading";
import { Topic } from "./topic";

export interface TopicTableOptions {
  readonly maxTopics: number;
  /** Of all newest readings that have left the log. */
  readonly maxRetainedBytes: number;
}

/** All topics by name and by recency, bounded in number. */
export class TopicTable {
  readonly #maxTopics: number;
  readonly #maxRetainedBytes: number;
  readonly #byName = new Map<string, Topic>();
  #byAge: Topic[] = [];
  #nextId = 1;
  #oldest: Topic | undefined;
  #newest: Topic | undefined;
  #retainedBytes = 0;
  #evicted = 0;

  constructor({ maxTopics, maxRetainedBytes }: TopicTableOptions) {
    this.#maxTopics = maxTopics;
    this.#maxRetainedBytes = maxRetainedBytes;
  }

  get size(): number {
    return this.#byName.size;
  }

  /** Topics given up because there were too many, or too many bytes in their newest readings. */
  get evicted(): number {
    return this.#evicted;
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
      if (this.#byName.size >= this.#maxTopics && this.#oldest !== undefined) this.#evict(this.#oldest);
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

  /** Retains a topic's newest reading, which leaves the log. May give up the least recent topics. */
  retain(topic: Topic, reading: StoredReading): void {
    topic.retained = reading;
    this.#retainedBytes += reading.bytes.length;
    while (this.#retainedBytes > this.#maxRetainedBytes && this.#oldest !== undefined) this.#evict(this.#oldest);
  }

  /** Notes the sequence number of a topic's next newest reading, which the log is about to hold. */
  renew(topic: Topic, seq: number): void {
    topic.newest = seq;
    this.#release(topic);
  }

  remove(topic: Topic): void {
    if (topic.removed) return;
    topic.removed = true;
    this.#release(topic);
    this.#byName.delete(topic.name);
    this.#unlink(topic);
    if (this.#byAge.length > 2 * this.#byName.size + 16) this.#byAge = this.#byAge.filter((other) => !other.removed);
  }

  /** Topics in order of creation; some may be removed. Valid until the next topic is created or removed. */
  get inOrderOfCreation(): readonly Topic[] {
    return this.#byAge;
  }

  #evict(topic: Topic): void {
    this.remove(topic);
    this.#evicted++;
  }

  #release(topic: Topic): void {
    this.#retainedBytes -= topic.retained?.bytes.length ?? 0;
    topic.retained = undefined;
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
