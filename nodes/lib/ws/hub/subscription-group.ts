import { type FilterTree, treeOf } from "../../mqtt/topic-filter";
import type { PassChunks } from "./frames/chunk";
import type { Form } from "./frames/frame-writer";
import type { SharedGrant } from "./grant-table";
import type { HubClient } from "./hub-client";
import type { ReadingLog } from "./log/reading-log";
import type { Topic } from "./log/topic";
import type { LogMatches } from "./log-matches";
import { PositionIndex } from "./position-index";

const MAX_RECENT = 256;
/** In readings of the log. */
const DEEP = 4096;

export interface SubscriptionGroupOptions {
  /** Identifies filters, grant and form. */
  readonly key: string;
  /** Empty: every topic. */
  readonly filters: readonly string[];
  /** Of the topics that match, only these. */
  readonly grant: SharedGrant;
  readonly form: Form;
  readonly matches: LogMatches;
}

/**
 * All clients with the same filters, the same grant and the same form. The readings that match are numbered: see the
 * README of the hub, "Positions".
 */
export class SubscriptionGroup {
  readonly key: string;
  readonly filters: readonly string[];
  readonly grant: SharedGrant;
  readonly form: Form;
  readonly clients: HubClient[] = [];
  /** The ready queue's: has readings that the next pass is to hand out. */
  isTouched = false;
  /** The chunk builder's. */
  readonly chunks: PassChunks = { fromLog: new Map(), replay: new Map(), history: new Map() };
  readonly #log: ReadingLog;
  readonly #filterTree: FilterTree<true> | undefined;
  /** `undefined`: everything matches, so that a position is the distance to the head. */
  readonly #index: PositionIndex | undefined;
  /** Sequence number from which on the index is told of the next reading. */
  #remembersFrom = 0;
  #head = 0;
  #tail = 0;
  /** Sequence numbers of the newest matching readings, by position modulo its length. */
  #recent = new Float64Array(8);
  #recentFrom = 0;

  constructor({ key, filters, grant, form, matches }: SubscriptionGroupOptions) {
    this.key = key;
    this.filters = filters;
    this.grant = grant;
    this.form = form;
    const { log } = matches;
    this.#log = log;
    this.#filterTree = filters.length === 0 ? undefined : treeOf(filters);
    if (this.#filterTree === undefined && grant.filters === undefined) this.#tail = log.tail - log.head;
    else this.#index = new PositionIndex(log, (from, to) => matches.between(this, from, to));
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
    if (this.#index === undefined) return true;
    const { levels } = topic;
    return (this.#filterTree === undefined || this.#filterTree.matches(levels)) && this.grant.permits(levels);
  }

  /** Numbers one more matching reading. */
  append(seq: number): void {
    if (this.#head - this.#recentFrom === this.#recent.length) {
      if (this.#recent.length < MAX_RECENT) this.#growRecent();
      else this.#recentFrom++;
    }
    this.#recent[this.#head % this.#recent.length] = seq;
    if (seq >= this.#remembersFrom) this.#remember(seq);
    this.#head++;
  }

  /** The log gives up its oldest reading, which matches this group. */
  evict(seq: number): void {
    if (this.#index === undefined || seq >= this.#index.since) this.#tail++;
  }

  /**
   * Numbers older readings, a limited number at a time.
   * @param seq must be held by the log
   * @returns whether the readings from there on are numbered: then `positionOf` knows its position
   */
  number(seq: number): boolean {
    if (this.#index === undefined || this.#index.since <= seq) return true;
    this.#tail -= this.#index.extend(seq, this.#tail);
    return this.#index.since <= seq;
  }

  /** The position of a place in the log, from which on readings are numbered. @param seq must be held by the log */
  positionOf(seq: number): number {
    if (this.#index === undefined) return this.#head - (this.#log.head - seq);
    if (this.#recentFrom < this.#head && this.seqAt(this.#recentFrom) <= seq) return this.#recentPositionOf(seq);
    return this.#index.positionOf(seq, this);
  }

  /** Whether `seqAt` knows the reading at a position: it knows the newest ones. */
  isRecent(position: number): boolean {
    return position >= this.#recentFrom;
  }

  /** Sequence number of the reading at a position. @param position must be recent */
  seqAt(position: number): number {
    return this.#recent[position % this.#recent.length] as number;
  }

  /** Whether there is so much to look through from a place in the log on that it takes long. */
  isDeep(seq: number): boolean {
    return this.#index !== undefined && this.#log.head - seq > DEEP;
  }

  add(client: HubClient): void {
    client.index = this.clients.length;
    this.clients.push(client);
  }

  /** @returns the client that was moved into the gap, if one was: who walks the clients at the moment may miss it */
  remove(client: HubClient): HubClient | undefined {
    const last = this.clients.pop();
    if (last === undefined || last === client) return undefined;
    this.clients[client.index] = last;
    last.index = client.index;
    return last;
  }

  #recentPositionOf(seq: number): number {
    let low = this.#recentFrom;
    let high = this.#head;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.seqAt(middle) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #remember(seq: number): void {
    this.#remembersFrom = this.#index?.append(seq, this.#head) ?? Number.POSITIVE_INFINITY;
  }

  #growRecent(): void {
    const grown = new Float64Array(this.#recent.length * 2);
    for (let position = this.#recentFrom; position < this.#head; position++) {
      grown[position % grown.length] = this.#recent[position % this.#recent.length] as number;
    }
    this.#recent = grown;
  }
}
