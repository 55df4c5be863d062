import type { FrameWriter } from "./frame-writer";
import type { ReadingLog } from "./reading-log";
import { emptyReading, type StoredReading } from "./stored-reading";
import type { Chunk, SubscriptionGroup } from "./subscription-group";
import type { Topic, TopicTable } from "./topic";

/** The most that is written to a client at once: bounds what a stalled socket holds on to. */
export const MAX_CHUNK_BYTES = 64 * 1024;
/** The most readings looked at for one chunk when a group does not know which of them match: some 0.1 ms. */
const MAX_WALK = 16 * 1024;

/** Which groups a topic's readings go to; always current. */
export type GroupsOf = (topic: Topic) => ReadonlySet<SubscriptionGroup>;

/** Makes the pieces that clients are sent, from the log and from the newest reading of each topic. */
export class ChunkBuilder {
  readonly #reading = emptyReading();

  constructor(
    private readonly log: ReadingLog,
    private readonly topics: TopicTable,
    private readonly writer: FrameWriter,
    private readonly groupsOf: GroupsOf,
  ) {}

  /**
   * What a group's clients at `cursor` get of the readings before `end`. May stop before `end`: `next` tells.
   * @param cursor must be held by the log, `position` its position in the group
   */
  fromLog(group: SubscriptionGroup, cursor: number, position: number, end: number): Chunk {
    let next = cursor;
    let nextPosition = position;
    if (group.isRecent(position)) {
      for (; nextPosition < group.head; nextPosition++) {
        const seq = group.seqAt(nextPosition);
        if (seq >= end || this.#isFull()) break;
        this.#add(group, this.log.read(seq, this.#reading));
        next = seq + 1;
      }
      if (nextPosition === group.head || group.seqAt(nextPosition) >= end) next = end;
    } else {
      const walkEnd = Math.min(end, cursor + MAX_WALK);
      for (; next < walkEnd && !this.#isFull(); next++) {
        if (!this.groupsOf(this.log.topicOf(next)).has(group)) continue;
        this.#add(group, this.log.read(next, this.#reading));
        nextPosition++;
      }
    }
    return { frames: this.writer.take(), readings: nextPosition - position, next, nextPosition };
  }

  /**
   * The newest reading of each topic, oldest first, of those after `replayed` and before `end`.
   * @returns `next`: up to which reading they are replayed now; `end` when that is all
   */
  replay(group: SubscriptionGroup, replayed: number, end: number): Chunk {
    let readings = 0;
    let next = replayed;
    let topic = this.topics.leastRecent;
    for (; topic !== undefined && topic.newest < end; topic = topic.newer) {
      if (topic.newest <= replayed || !this.groupsOf(topic).has(group)) continue;
      if (this.#isFull()) break;
      this.#add(group, this.newestOf(topic));
      readings++;
      next = topic.newest;
    }
    const isAll = topic === undefined || topic.newest >= end;
    return { frames: this.writer.take(), readings, next: isAll ? end : next, nextPosition: 0 };
  }

  /** Valid until the log is appended to or something else is read. @param topic must have a reading */
  newestOf(topic: Topic): StoredReading {
    return topic.kept ?? this.log.read(topic.newest, this.#reading);
  }

  #add(group: SubscriptionGroup, reading: StoredReading): void {
    this.writer.add(reading, group.enveloped);
  }

  #isFull(): boolean {
    return this.writer.length >= MAX_CHUNK_BYTES;
  }
}
