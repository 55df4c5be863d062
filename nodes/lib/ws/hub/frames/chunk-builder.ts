import type { LogCursor } from "../feeds/log-cursor";
import type { HistoryView, ReadingHistory } from "../history/reading-history";
import type { ReadingLog } from "../log/reading-log";
import { emptyReading, type StoredReading } from "../log/stored-reading";
import type { Topic } from "../log/topic";
import type { TopicTable } from "../log/topic-table";
import type { LogMatches } from "../log-matches";
import type { SubscriptionGroup } from "../subscription-group";
import type { Chunk } from "./chunk";
import { type FrameWriter, isLarge } from "./frame-writer";

/** The most readings looked at for one chunk when a group does not know which of them match. */
const MAX_WALK = 4 * 1024;
/** The most topics looked at for one piece of replay. */
const MAX_TOPICS_LOOKED_AT = 2 * 1024;

export interface ChunkLimits {
  /** Only readings before this sequence number. */
  readonly end: number;
  /** The chunk ends with the reading that reaches so many bytes. */
  readonly maxChunkBytes: number;
}

export interface HistoryLimits extends Pick<ChunkLimits, "maxChunkBytes"> {
  readonly view: HistoryView;
}

type Place = Pick<LogCursor, "group" | "seq" | "position">;

export interface ChunkBuilderOptions {
  readonly history: ReadingHistory | undefined;
  readonly matches: LogMatches;
  readonly topics: TopicTable;
  readonly writer: FrameWriter;
}

/** Makes the chunks that clients are sent, from the log and from the newest reading of each topic: each once a pass. */
export class ChunkBuilder {
  readonly #matches: LogMatches;
  readonly #log: ReadingLog;
  readonly #topics: TopicTable;
  readonly #writer: FrameWriter;
  readonly #history: ReadingHistory | undefined;
  readonly #reading = emptyReading();
  /** Groups with chunks of the running pass. */
  #groups: SubscriptionGroup[] = [];

  constructor({ history, matches, topics, writer }: ChunkBuilderOptions) {
    this.#history = history;
    this.#matches = matches;
    this.#log = matches.log;
    this.#topics = topics;
    this.#writer = writer;
  }

  /** Lets go of the chunks made so far: to be called at the end of every pass. */
  clear(): void {
    for (const { chunks } of this.#groups) {
      chunks.fromLog.clear();
      chunks.replay.clear();
      chunks.history.clear();
    }
    this.#groups = [];
  }

  /**
   * What a client at `cursor` gets of the readings up to the limits. May stop before their end: `next` tells.
   * @returns `undefined` when the cursor has reached the end
   */
  fromLog(cursor: LogCursor, limits: ChunkLimits): Chunk | undefined {
    cursor.leaveEvicted(this.#log.tail);
    const { group, seq } = cursor;
    if (seq >= limits.end) return undefined;
    let chunk = group.chunks.fromLog.get(seq);
    if (chunk === undefined) {
      chunk = this.#buildFromLog(cursor, limits);
      group.chunks.fromLog.set(seq, chunk);
      this.#groups.push(group);
    }
    return chunk;
  }

  /**
   * The newest reading of each topic, oldest first, of those after `replayed` up to the limits.
   * @returns `next`: up to which reading they are replayed now; the end when that is all
   */
  replay(group: SubscriptionGroup, replayed: number, limits: ChunkLimits): Chunk {
    const key = `${replayed}:${limits.end}`;
    let chunk = group.chunks.replay.get(key);
    if (chunk === undefined) {
      chunk = this.#buildReplay(group, replayed, limits);
      group.chunks.replay.set(key, chunk);
      this.#groups.push(group);
    }
    return chunk;
  }

  /** The readings of a view from a sequence number on. @returns `next`: where to go on; the end of the view when that is all */
  fromHistory(group: SubscriptionGroup, from: number, limits: HistoryLimits): Chunk {
    const { start, end, readings } = limits.view;
    const key = `${from}:${start}:${end}:${readings}`;
    let chunk = group.chunks.history.get(key);
    if (chunk === undefined) {
      chunk = this.#buildFromHistory(group, from, limits);
      group.chunks.history.set(key, chunk);
      this.#groups.push(group);
    }
    return chunk;
  }

  /** Valid until the log is appended to or something else is read. @param topic must have a reading */
  newestOf(topic: Topic): StoredReading {
    return topic.retained ?? this.#log.read(topic.newest, this.#reading);
  }

  #buildFromLog({ group, seq, position }: LogCursor, { end, maxChunkBytes }: ChunkLimits): Chunk {
    let next = seq;
    let nextPosition = position;
    if (group.isRecent(position)) {
      for (; nextPosition < group.head; nextPosition++) {
        const seq = group.seqAt(nextPosition);
        if (seq >= end || this.#writer.length >= maxChunkBytes) break;
        if (!this.#add(group, this.#log.read(seq, this.#reading))) break;
        next = seq + 1;
      }
      if (nextPosition === group.head || group.seqAt(nextPosition) >= end) next = end;
    } else {
      const walkEnd = Math.min(end, seq + MAX_WALK);
      if (group.isDeep(seq)) return this.#buildFromDeep({ group, seq, position }, { end: walkEnd, maxChunkBytes });
      for (; next < walkEnd && this.#writer.length < maxChunkBytes; next++) {
        if (!group.matches(this.#log.topicOf(next))) continue;
        if (!this.#add(group, this.#log.read(next, this.#reading))) break;
        nextPosition++;
      }
    }
    return this.#chunk({ readings: nextPosition - position, next, nextPosition });
  }

  /** Where many clients may catch up one after the other. */
  #buildFromDeep({ group, seq, position }: Place, { end, maxChunkBytes }: ChunkLimits): Chunk {
    let nextPosition = position;
    let next = end;
    for (const matching of this.#matches.between(group, seq, end)) {
      if (this.#writer.length >= maxChunkBytes || !this.#add(group, this.#log.read(matching, this.#reading))) {
        next = matching;
        break;
      }
      nextPosition++;
    }
    return this.#chunk({ readings: nextPosition - position, next, nextPosition });
  }

  #buildReplay(group: SubscriptionGroup, replayed: number, { end, maxChunkBytes }: ChunkLimits): Chunk {
    let readings = 0;
    let next = replayed;
    let topic = this.#topics.leastRecent;
    while (topic !== undefined && topic.newest <= replayed) topic = topic.newer;
    for (let lookedAt = 0; topic !== undefined && topic.newest < end; topic = topic.newer) {
      if (this.#writer.length >= maxChunkBytes || lookedAt++ === MAX_TOPICS_LOOKED_AT) break;
      if (group.matches(topic)) {
        if (!this.#add(group, this.newestOf(topic))) break;
        readings++;
      }
      next = topic.newest;
    }
    const isAll = topic === undefined || topic.newest >= end;
    return this.#chunk({ readings, next: isAll ? end : next, nextPosition: 0 });
  }

  #buildFromHistory(group: SubscriptionGroup, from: number, { view, maxChunkBytes }: HistoryLimits): Chunk {
    let readings = 0;
    const visit = (reading: StoredReading, topic: Topic): boolean => {
      if (this.#writer.length >= maxChunkBytes) return false;
      if (!group.matches(topic)) return true;
      if (!this.#add(group, reading)) return false;
      readings++;
      return true;
    };
    const next = this.#history?.walk(from, view, visit) ?? view.end;
    return this.#chunk({ readings, next, nextPosition: 0 });
  }

  #chunk({ readings, next, nextPosition }: Pick<Chunk, "readings" | "next" | "nextPosition">): Chunk {
    return { frames: this.#writer.take(), readings, next, nextPosition, marked: undefined, compressed: undefined };
  }

  /** @returns false for a large reading that is to begin a chunk of its own, which is shared with other groups */
  #add(group: SubscriptionGroup, reading: StoredReading): boolean {
    if (this.#writer.length > 0 && isLarge(reading)) return false;
    this.#writer.add(reading, group.form);
    return true;
  }
}
