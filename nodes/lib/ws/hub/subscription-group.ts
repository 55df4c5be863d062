import { type FilterTree, treeOf } from "../../mqtt/topic-filter";
import type { PassChunks } from "./frames/chunk";
import type { HubClient } from "./hub-client";
import type { ReadingLog } from "./log/reading-log";
import type { Topic } from "./log/topic";
import type { Interest } from "./subscription";

const MAX_RECENT = 256;

/**
 * All clients with the same filters, the same grant and the same form. The readings that match are numbered: see the
 * README of the hub, "Positions".
 */
export class SubscriptionGroup {
  /** Identifies filters, grant and form. */
  readonly key: string;
  /** Empty: every topic. */
  readonly filters: readonly string[];
  /** Of the topics that match, only these; `undefined`: all. */
  readonly granted: readonly string[] | undefined;
  readonly enveloped: boolean | undefined;
  readonly clients: HubClient[] = [];
  /** The ready queue's: has readings that the next pass is to hand out. */
  isTouched = false;
  /** The chunk builder's. */
  readonly chunks: PassChunks = { fromLog: new Map(), replay: new Map() };
  readonly #filterTree: FilterTree<true> | undefined;
  readonly #grantTree: FilterTree<true> | undefined;
  #head = 0;
  #tail = 0;
  #since: number;
  /** Sequence numbers of the newest matching readings, by position modulo its length. */
  #recent = new Float64Array(8);
  #recentFrom = 0;

  /** @param since readings from this sequence number on are numbered */
  constructor(key: string, { filters, granted, envelope }: Interest, since: number) {
    this.key = key;
    this.filters = filters;
    this.granted = granted;
    this.enveloped = envelope;
    this.#filterTree = filters.length === 0 ? undefined : treeOf(filters);
    this.#grantTree = granted && treeOf(granted);
    this.#since = since;
  }

  /** Position of the next matching reading. */
  get head(): number {
    return this.#head;
  }

  /** Position of the oldest matching reading that the log holds. */
  get tail(): number {
    return this.#tail;
  }

  /** Whether the group's clients get a topic's readings. Costs by the group's own filters. */
  matches(topic: Topic): boolean {
    return (
      (this.#filterTree === undefined || this.#filterTree.matches(topic.levels)) &&
      (this.#grantTree === undefined || this.#grantTree.matches(topic.levels))
    );
  }

  /** Numbers one more matching reading. */
  append(seq: number): void {
    if (this.#head - this.#recentFrom === this.#recent.length) {
      if (this.#recent.length < MAX_RECENT) this.#growRecent();
      else this.#recentFrom++;
    }
    this.#recent[this.#head % this.#recent.length] = seq;
    this.#head++;
  }

  /** The log gives up its oldest reading, which matches this group. */
  evict(seq: number): void {
    if (seq >= this.#since) this.#tail++;
  }

  /**
   * The position of a place in the log; numbers the matching readings from there on, if they were not yet.
   * Linear in the readings from there on.
   */
  positionOf(seq: number, log: ReadingLog): number {
    let before = 0;
    let after = 0;
    for (let next = seq; next < log.head; next++) {
      if (!this.matches(log.topicOf(next))) continue;
      if (next < this.#since) before++;
      else after++;
    }
    this.#tail -= before;
    this.#since = Math.min(this.#since, seq);
    return this.#head - after - before;
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
    for (let position = this.#recentFrom; position < this.#head; position++) {
      grown[position % grown.length] = this.#recent[position % this.#recent.length] as number;
    }
    this.#recent = grown;
  }
}
