import type { HubStore } from "../hub/hub-options";
import { emptyReading } from "../hub/log/stored-reading";
import { pipeMessage } from "./pipe-frames";
import { FRAME, type Order } from "./protocol";
import type { PublishTimes } from "./publish-times";
import { RecordWriter } from "./reading-record";

/** The most readings put into one piece, so that none takes long. */
const MAX_READINGS = 1024;

/** Readings of the log as they go through a pipe, with where they begin and end. */
interface Piece {
  readonly from: number;
  readonly next: number;
  readonly end: number;
  readonly bytes: Buffer;
}

/** What all feeds of a pool have in common. */
export class LogFeeds {
  readonly store: HubStore;
  readonly times: PublishTimes;
  readonly now: () => number;
  readonly writer = new RecordWriter();
  readonly #reading = emptyReading();
  #last: Piece | undefined;

  constructor(store: HubStore, times: PublishTimes, now: () => number) {
    this.store = store;
    this.times = times;
    this.now = now;
  }

  /** Readings of the log from one on, all before another: made once for all senders that are at the same place. */
  piece(from: number, end: number, maxBytes: number): Piece {
    const last = this.#last;
    if (last !== undefined && last.from === from && last.end === end) return last;
    const { log } = this.store;
    const now = this.now();
    let next = from;
    for (; next < end && next - from < MAX_READINGS && this.writer.length < maxBytes; next++) {
      const age = now - this.times.of(next, now);
      this.writer.add(log.read(next, this.#reading), { type: FRAME.reading, topic: log.topicOf(next), age });
    }
    this.#last = { from, next, end, bytes: this.writer.take() };
    return this.#last;
  }
}

/**
 * What one sender has yet to be told of the log: a place in it, never a queue. A new replica is sent what the log has given
 * up first: the history, and the newest reading of each topic.
 */
export class LogFeed {
  readonly #feeds: LogFeeds;
  #historyAt = 0;
  /** Newest readings up to this one were sent. */
  #newestUpTo = 0;
  /** Sequence number of the next reading of the log to send; `undefined`: what is older comes first. */
  #seq: number | undefined;

  constructor(feeds: LogFeeds) {
    this.#feeds = feeds;
  }

  /** The log has given up what was to be sent next. */
  get isLost(): boolean {
    return this.#seq !== undefined && this.#seq < this.#feeds.store.log.tail;
  }

  /** Whether all readings before that one were sent. */
  hasReached(seq: number): boolean {
    return this.#seq !== undefined && this.#seq >= seq;
  }

  /** What comes next, before a reading of the log; empty when there is nothing. Must not be lost. */
  next(end: number, maxBytes: number): Buffer {
    if (this.#seq === undefined) return this.#older(maxBytes);
    if (this.#seq >= end) return Buffer.alloc(0);
    const piece = this.#feeds.piece(this.#seq, end, maxBytes);
    this.#seq = piece.next;
    return piece.bytes;
  }

  #older(maxBytes: number): Buffer {
    const { store, writer } = this.#feeds;
    const { tail } = store.log;
    if (store.history !== undefined && this.#historyAt < tail) this.#addHistory(maxBytes);
    else if (!this.#addNewest(maxBytes)) return this.#begin(tail);
    return writer.take();
  }

  #begin(seq: number): Buffer {
    this.#seq = seq;
    return Buffer.concat([
      this.#feeds.writer.take(),
      pipeMessage(FRAME.order, { order: "begin", seq } satisfies Order),
    ]);
  }

  #addHistory(maxBytes: number): void {
    const { store, writer, times } = this.#feeds;
    const now = this.#feeds.now();
    const view = { start: this.#historyAt, end: store.log.tail, readings: Number.POSITIVE_INFINITY };
    this.#historyAt =
      store.history?.walk(this.#historyAt, view, (reading, topic) => {
        if (writer.length >= maxBytes) return false;
        writer.add(reading, { type: FRAME.history, topic, age: now - times.of(reading.seq, now) });
        return true;
      }) ?? view.end;
  }

  /** @returns false when there is no more */
  #addNewest(maxBytes: number): boolean {
    const { store, writer } = this.#feeds;
    const now = this.#feeds.now();
    let topic = store.topics.leastRecent;
    while (topic !== undefined && topic.newest <= this.#newestUpTo) topic = topic.newer;
    for (let readings = 0; topic !== undefined && topic.newest < store.log.tail; topic = topic.newer) {
      if (writer.length >= maxBytes || readings++ === MAX_READINGS) return true;
      this.#newestUpTo = topic.newest;
      const { retained, publishedAt } = topic;
      if (retained !== undefined) writer.add(retained, { type: FRAME.newest, topic, age: now - publishedAt });
    }
    return false;
  }
}
