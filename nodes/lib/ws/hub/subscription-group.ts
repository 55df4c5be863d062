import { type FilterTree, treeOf } from "../../mqtt/topic-filter";
import type { HubClient } from "./hub-client";
import type { ReadingLog } from "./reading-log";
import type { Topic } from "./topic";

const MAX_RECENT = 256;

/** One piece of what a group's clients are sent, shared by all that stand at the same place. */
export interface Chunk {
  /** Empty when nothing up to `next` was for this group. */
  readonly frames: Buffer;
  readonly readings: number;
  /** Where the next chunk begins: a sequence number of the log, and a position in the group. */
  readonly next: number;
  readonly nextPosition: number;
  /** `frames` followed by a ping that carries `mark`; made when first needed. */
  marked?: { readonly frames: Buffer; readonly mark: number };
}

/**
 * All clients with the same filters and the same form. The readings that match are numbered: 0 for the first since the
 * group began. A client's place in a group is such a position, which makes "how many are pending" a subtraction.
 */
export class SubscriptionGroup {
  readonly clients: HubClient[] = [];
  /** Position of the next matching reading. */
  head = 0;
  /** Position of the oldest matching reading that the log holds. */
  tail = 0;
  /** Has readings that the running or the next pass is to hand out. */
  isDirty = false;
  /** Chunks of the running pass by where they begin. */
  readonly chunks = new Map<number, Chunk>();
  /** Pieces of replay of the running pass, by where they begin and end. */
  readonly replays = new Map<string, Chunk>();
  /** Sequence numbers of the newest matching readings, by position modulo its length. */
  #recent = new Float64Array(8);
  #recentFrom = 0;
  readonly #granted: FilterTree<true> | undefined;

  /**
   * @param key identifies filters and form
   * @param filters empty: every topic
   * @param granted of the topics that match, only these; `undefined`: all
   * @param since readings from this sequence number on are numbered
   */
  constructor(
    readonly key: string,
    readonly filters: readonly string[],
    granted: readonly string[] | undefined,
    readonly enveloped: boolean | undefined,
    private since: number,
  ) {
    this.#granted = granted && treeOf(granted);
  }

  /** Whether the group's clients may read a topic. */
  permits(topicName: string): boolean {
    return this.#granted === undefined || this.#granted.holdersOf(topicName).size > 0;
  }

  /** Numbers one more matching reading. */
  append(seq: number): void {
    if (this.head - this.#recentFrom === this.#recent.length) {
      if (this.#recent.length < MAX_RECENT) this.#growRecent();
      else this.#recentFrom++;
    }
    this.#recent[this.head % this.#recent.length] = seq;
    this.head++;
  }

  /** The log gives up its oldest reading, which matches this group. */
  evict(seq: number): void {
    if (seq >= this.since) this.tail++;
  }

  /**
   * The position of a place in the log; numbers the matching readings from there on, if they were not yet.
   * Linear in the readings from there on.
   */
  positionOf(seq: number, log: ReadingLog, matches: (topic: Topic) => boolean): number {
    let before = 0;
    let after = 0;
    for (let next = seq; next < log.head; next++) {
      if (!matches(log.topicOf(next))) continue;
      if (next < this.since) before++;
      else after++;
    }
    this.tail -= before;
    this.since = Math.min(this.since, seq);
    return this.head - after - before;
  }

  /** Whether `seqAt` knows the reading at a position: it knows the newest ones. */
  isRecent(position: number): boolean {
    return position >= this.#recentFrom;
  }

  /** Sequence number of the reading at a position. @param position must be recent */
  seqAt(position: number): number {
    return this.#recent[position % this.#recent.length] as number;
  }

  add(client: HubClient): void {
    client.index = this.clients.length;
    this.clients.push(client);
  }

  /** Moves the last client into the gap: who walks the clients must do so from the end. */
  remove(client: HubClient): void {
    const last = this.clients.pop();
    if (last === undefined || last === client) return;
    this.clients[client.index] = last;
    last.index = client.index;
  }

  #growRecent(): void {
    const grown = new Float64Array(this.#recent.length * 2);
    for (let position = this.#recentFrom; position < this.head; position++) {
      grown[position % grown.length] = this.#recent[position % this.#recent.length] as number;
    }
    this.#recent = grown;
  }
}
