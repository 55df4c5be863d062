import type { LogCursor } from "../feeds/log-cursor";
import type { ReadingLog } from "../log/reading-log";
import { emptyReading, type StoredReading } from "../log/stored-reading";
import type { Topic } from "../log/topic";
import type { TopicTable } from "../log/topic-table";
import type { SubscriptionGroup } from "../subscription-group";
import type { Chunk } from "./chunk";
import type { FrameWriter } from "./frame-writer";

/** The most that is written to a client at once: bounds what a stalled socket holds on to. */
export const MAX_CHUNK_BYTES = 64 * 1024;
/** The most readings looked at for one chunk when a group does not know which of them match: some 0.1 ms. */
const MAX_WALK = 16 * 1024;

export interface ChunkBuilderOptions {
  readonly log: ReadingLog;
  readonly topics: TopicTable;
  readonly writer: FrameWriter;
}

/** Makes the chunks that clients are sent, from the log and from the newest reading of each topic: each once a pass. */
export class ChunkBuilder {
  readonly #log: ReadingLog;
  readonly #topics: TopicTable;
  readonly #writer: FrameWriter;
  readonly #reading = emptyReading();
  /** Groups with chunks of the running pass. */
  #groups: SubscriptionGroup[] = [];

  constructor({ log, topics, writer }: ChunkBuilderOptions) {
    this.#log = log;
    this.#topics = topics;
    this.#writer = writer;
  }

  /** Lets go of the chunks made so far: to be called at the end of every pass. */
  clear(): void {
    for (const { chunks } of this.#groups) {
      chunks.fromLog.clear();
      chunks.replay.clear();
    }
    this.#groups = [];
  }

  /**
   * What a client at `cursor` gets of the readings before `end`. May stop before `end`: `next` tells.
   * @returns `undefined` when the cursor has reached the end
   */
  fromLog(cursor: LogCursor, end: number): Chunk | undefined {
    cursor.leaveEvicted(this.#log.tail);
    const { group, seq } = cursor;
    if (seq >= end) return undefined;
    let chunk = group.chunks.fromLog.get(seq);
    if (chunk === undefined) {
      chunk = this.#buildFromLog(cursor, end);
      group.chunks.fromLog.set(seq, chunk);
      this.#groups.push(group);
    }
    return chunk;
  }

  /**
   * The newest reading of each topic, oldest first, of those after `replayed` and before `end`.
   * @returns `next`: up to which reading they are replayed now; `end` when that is all
   */
  replay(group: SubscriptionGroup, replayed: number, end: number): Chunk {
    const key = `${replayed}:${end}`;
    let chunk = group.chunks.replay.get(key);
    if (chunk === undefined) {
      chunk = this.#buildReplay(group, replayed, end);
      group.chunks.replay.set(key, chunk);
      this.#groups.push(group);
    }
    return chunk;
  }

  /** Valid until the log is appended to or something else is read. @param topic must have a reading */
  newestOf(topic: Topic): StoredReading {
    return topic.retained ?? this.#log.read(topic.newest, this.#reading);
  }

  #buildFromLog({ group, seq, position }: LogCursor, end: number): Chunk {
    let next = seq;
    let nextPosition = position;
    if (group.isRecent(position)) {
      for (; nextPosition < group.head; nextPosition++) {
        const seq = group.seqAt(nextPosition);
        if (seq >= end || this.#isFull()) break;
        this.#add(group, this.#log.read(seq, this.#reading));
        next = seq + 1;
      }
      if (nextPosition === group.head || group.seqAt(nextPosition) >= end) next = end;
    } else {
      const walkEnd = Math.min(end, seq + MAX_WALK);
      for (; next < walkEnd && !this.#isFull(); next++) {
        if (!group.matches(this.#log.topicOf(next))) continue;
        this.#add(group, this.#log.read(next, this.#reading));
        nextPosition++;
      }
    }
    return this.#chunk({ readings: nextPosition - position, next, nextPosition });
  }

  #buildReplay(group: SubscriptionGroup, replayed: number, end: number): Chunk {
    let readings = 0;
    let next = replayed;
    let topic = this.#topics.leastRecent;
    for (; topic !== undefined && topic.newest < end; topic = topic.newer) {
      if (topic.newest <= replayed || !group.matches(topic)) continue;
      if (this.#isFull()) break;
      this.#add(group, this.newestOf(topic));
      readings++;
      next = topic.newest;
    }
    const isAll = topic === undefined || topic.newest >= end;
    return this.#chunk({ readings, next: isAll ? end : next, nextPosition: 0 });
  }

  #chunk({ readings, next, nextPosition }: Pick<Chunk, "readings" | "next" | "nextPosition">): Chunk {
    return { frames: this.#writer.take(), readings, next, nextPosition, marked: undefined };
  }

  #add(group: SubscriptionGroup, reading: StoredReading): void {
    this.#writer.add(reading, group.enveloped);
  }

  #isFull(): boolean {
    return this.#writer.length >= MAX_CHUNK_BYTES;
  }
}
