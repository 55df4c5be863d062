import type { HubClient } from "../hub-client";
import { SlotSet } from "../log/slot-set";
import type { Topic } from "../log/topic";
import type { Pass } from "./feed";

export interface Room {
  /** In bytes. */
  readonly room: number;
  /** Otherwise a reading larger than all the room may go by itself. */
  readonly mustFit: boolean;
}

/** Topics that a client must not be sent yet, though their newest reading may be unsent. */
export interface RestingTopics {
  readonly slots: SlotSet;
  add(slot: number): void;
}

/**
 * The topics whose newest reading one client was not sent, for a client that gets readings by topic rather than one by
 * one. They are visited in order of their slots, round and round, so that none starves however the others are updated:
 * picking by recency of update alone can, with a periodic feed, choose one topic for ever. Costs by the topics that were
 * updated since the client last looked, and by those that are sent; two bits a topic in memory.
 */
export class UnsentTopics {
  readonly #slots = new SlotSet();
  /** Of those, the ones whose newest reading is from before the client joined: they count as offered once sent. */
  readonly #replay = new SlotSet();
  /** All readings up to this sequence number have been looked at. */
  #lookedUpTo: number;
  /** The slot to visit next. */
  #at = 0;

  /** @param from readings before this sequence number count as sent */
  constructor(from: number) {
    this.#lookedUpTo = from - 1;
  }

  /** There are to be looked at all topics at once. */
  get isUnseen(): boolean {
    return this.#lookedUpTo === 0;
  }

  /** Topics that the client is yet to be sent, besides replay. */
  pending(client: HubClient, pass: Pass): number {
    this.#look(client, pass);
    return this.#slots.countWithin(pass.topics.live, this.#replay);
  }

  /** Whether a topic is unsent that rests. */
  awaits({ slots }: RestingTopics): boolean {
    return this.#slots.intersects(slots);
  }

  /**
   * Adds to the pass's writer what the client is due, one topic after the other.
   * @returns whether a topic was left out for lack of room
   */
  write(
    client: HubClient,
    pass: Pass,
    { room, mustFit, resting }: Room & { readonly resting?: RestingTopics },
  ): boolean {
    this.#look(client, pass);
    if (mustFit && room <= 0) return true;
    const { writer, chunks } = pass;
    for (let topic = this.#next(pass, resting); topic !== undefined; topic = this.#next(pass, resting)) {
      const reading = chunks.newestOf(topic);
      const length = writer.length + reading.end - reading.start;
      if (length > room && (writer.length > 0 || mustFit)) return true;
      writer.add(reading, client.group.form);
      this.#sent(client, topic);
      resting?.add(topic.slot);
    }
    return false;
  }

  /** Takes in the topics that were updated since the last look: those at the recent end of the list. */
  #look({ group, joined }: HubClient, { topics, log }: Pass): void {
    for (let topic = topics.mostRecent; topic !== undefined && topic.newest > this.#lookedUpTo; topic = topic.older) {
      const { slot } = topic;
      // The slot may have been another topic's.
      this.#replay.delete(slot);
      if (!group.matches(topic)) {
        this.#slots.delete(slot);
        continue;
      }
      this.#slots.add(slot);
      if (topic.newest < joined.seq) this.#replay.add(slot);
    }
    this.#lookedUpTo = log.head - 1;
  }

  /** The next topic that may be sent. */
  #next({ topics }: Pass, resting: RestingTopics | undefined): Topic | undefined {
    while (this.#slots.size > 0) {
      let slot = this.#slots.nextWithout(resting?.slots, this.#at);
      if (slot === -1) slot = this.#slots.nextWithout(resting?.slots, 0);
      if (slot === -1) return undefined;
      this.#at = slot;
      const topic = topics.at(slot);
      if (topic !== undefined) return topic;
      // Removed, unsent.
      this.#slots.delete(slot);
      this.#replay.delete(slot);
    }
    return undefined;
  }

  #sent({ tally }: HubClient, { slot }: Topic): void {
    tally.delivered++;
    if (this.#replay.has(slot)) tally.extraOffered++;
    this.#slots.delete(slot);
    this.#replay.delete(slot);
    this.#at = slot + 1;
  }
}
