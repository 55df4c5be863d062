import { randomBytes } from "node:crypto";
import { type LoopClock, systemLoopClock } from "../../time/loop-clock";
import { type Counts, NO_COUNTS, sum } from "./counts";
import { tellMissed } from "./delivery";
import { checkEnvelope } from "./envelope-size";
import { windowOf } from "./feeds/feed";
import { FirstFeed } from "./feeds/first-feed";
import { markPing } from "./feeds/freshness-window";
import { LogCursor } from "./feeds/log-cursor";
import type { FrameSink } from "./frame-sink";
import { ChunkBuilder } from "./frames/chunk-builder";
import { FrameWriter } from "./frames/frame-writer";
import { PING } from "./frames/frames";
import { GroupTable } from "./group-table";
import { ReadingHistory } from "./history/reading-history";
import { HubClient } from "./hub-client";
import type { HubCounts, HubOptions, HubStore, PublishOptions, TargetedMessage } from "./hub-options";
import { type Entry, ReadingLog } from "./log/reading-log";
import { detached, emptyReading, readingOutsideLog, type StoredReading } from "./log/stored-reading";
import type { Topic } from "./log/topic";
import { TopicTable } from "./log/topic-table";
import { LogMatches } from "./log-matches";
import { Passes } from "./passes";
import type { EncodedPayload } from "./payload";
import { type Subscription, sharedSubscription } from "./subscription";

const MAX_TOPICS = 10_000;
const SOCKET_BYTES = 16 * 1024 * 1024;
/** A targeted reading is refused when so much is still waiting in the client's socket. */
const MAX_TARGETED_BACKLOG_BYTES = 64 * 1024;

/**
 * Fans readings out to any number of clients. A reading is encoded once, into a log that all clients share; a client is
 * a place in that log. Passes walk the clients that have something to receive; each gets one write of a chunk that it
 * shares with all others at the same place. The README of this folder explains how places are counted.
 */
export class Hub {
  /** Differs from every other hub's: sequence numbers mean nothing without it. */
  readonly epoch: string;
  readonly #logBytes: number;
  readonly #clock: LoopClock;
  readonly #log: ReadingLog;
  readonly #matches: LogMatches;
  readonly #topics: TopicTable;
  readonly #groups = new GroupTable();
  readonly #writer: FrameWriter;
  readonly #passes: Passes;
  readonly #history: ReadingHistory | undefined;
  readonly #firstFeed: FirstFeed;
  readonly #published = emptyReading();
  #clients = 0;
  #departed: Counts = NO_COUNTS;

  constructor(options: HubOptions) {
    const { logBytes, maxTopics = MAX_TOPICS, clock = systemLoopClock, maxAge, expire = 0 } = options;
    this.epoch = options.epoch ?? randomBytes(6).toString("hex");
    const history = options.history && new ReadingHistory(options.history);
    const topics = new TopicTable({
      maxTopics,
      maxBytes: logBytes,
      onRemove: (topic) => {
        this.#groups.forget(topic);
        history?.forget(topic);
      },
    });
    const log = new ReadingLog(logBytes, (seq, topic) => this.#evict(seq, topic));
    this.#matches = new LogMatches(log);
    const writer = new FrameWriter(this.epoch);
    const chunks = new ChunkBuilder({ history, matches: this.#matches, topics, writer });
    this.#history = history;
    this.#firstFeed = new FirstFeed({ maxAge, expire, clock, topics, history });
    this.#logBytes = logBytes;
    this.#clock = clock;
    this.#log = log;
    this.#topics = topics;
    this.#writer = writer;
    const maxSocketBytes = options.maxSocketBytes ?? 2 * logBytes + SOCKET_BYTES;
    this.#passes = new Passes({ ...options, log, topics, writer, chunks, clock, maxSocketBytes });
  }

  /**
   * Constant in the number of clients.
   * @returns the reading's sequence number
   * @throws {PayloadError} for a payload larger than the log, or whose envelope would be larger than twice the log
   */
  publish(topicName: string, payload: EncodedPayload, options: PublishOptions = {}): number {
    const length = this.#checkedLength(payload);
    const topic = this.#topics.touch(topicName);
    const { time = this.#clock.wallTime(), envelope = false } = options;
    // Before the log makes room: it may give up what was the newest reading so far, which need not be retained then.
    const now = this.#clock.now() - (options.age ?? 0);
    this.#topics.renew(topic, this.#log.head, now);
    topic.isBytes = payload.kind === "binary" && !envelope;
    const seq = this.#append(topic, payload, { length, time, enveloped: envelope });
    this.#history?.append(this.#log.read(seq, this.#published), topic, now);
    for (const group of this.#groups.matching(topic)) {
      group.append(seq);
      this.#passes.touch(group);
    }
    return seq;
  }

  /**
   * Sends to one client alone, outside of the log and without a sequence number.
   * @returns false when its socket is too far behind: the reading counts as dropped
   * @throws {PayloadError} as `publish` does
   */
  sendTo(client: HubClient, message: TargetedMessage, options: PublishOptions = {}): boolean {
    if (client.hasLeft) return false;
    this.#checkedLength(message.payload);
    client.tally.extraOffered++;
    if (client.outbox.bytes > MAX_TARGETED_BACKLOG_BYTES) {
      client.tally.dropped++;
      return false;
    }
    const { time = this.#clock.wallTime(), envelope = false } = options;
    this.#writer.add(readingOutsideLog(message, { time, enveloped: envelope }), client.group.form);
    client.send(this.#writer.take(), 1);
    this.#passes.relieve();
    return true;
  }

  join(sink: FrameSink, wanted: Subscription): HubClient {
    const group = this.#groups.groupOf(wanted, this.#matches);
    const subscription = sharedSubscription(wanted, group.clients.at(-1)?.subscription);
    const cursor = new LogCursor(group, this.#log.head, group.head);
    const { since } = subscription;
    const canResume = since !== undefined && this.#canResume(since.epoch, since.seq);
    const feed = this.#firstFeed.of(subscription, cursor, canResume);
    const joined = { seq: cursor.seq, position: cursor.position };
    const client = new HubClient({ group, subscription, joined, sink, feed }, this.#passes);
    group.add(client);
    this.#clients++;
    if (since !== undefined && !canResume) tellMissed(client, this.#log);
    this.#passes.queue(client);
    return client;
  }

  /** Idempotent. What was pending counts as dropped. */
  leave(client: HubClient): void {
    if (client.hasLeft) return;
    const counts = this.countsOf(client);
    client.final = { ...counts, dropped: counts.dropped + counts.pending, pending: 0 };
    this.#departed = sum(this.#departed, client.final);
    this.#clients--;
    this.#passes.forget(client);
    const { group } = client;
    const moved = group.remove(client);
    if (moved !== undefined) this.#passes.queue(moved);
    if (group.clients.length > 0) return;
    this.#groups.remove(group);
    this.#passes.releaseGroup(group);
  }

  /** Every pong of a client comes here: those that answer the hub's own pings make room for more. */
  pong(client: HubClient, data: Buffer): void {
    if (windowOf(client.feed)?.pong(data)) this.#passes.queue(client);
  }

  /** A ping for a client. A client need not answer but the newest ping, so each carries the newest mark. */
  pingFor(client: HubClient): Buffer {
    const mark = windowOf(client.feed)?.newestMark;
    return mark === undefined ? PING : markPing(mark);
  }

  /** The socket of a client, which may have left before, is gone. */
  closed(client: HubClient): void {
    this.leave(client);
    this.#passes.release(client);
  }

  /** Removes a topic's replay. @returns whether there was one */
  forget(topicName: string): boolean {
    const topic = this.#topics.get(topicName);
    if (topic === undefined) return false;
    this.#topics.remove(topic);
    return true;
  }

  countsOf(client: HubClient): Counts {
    return client.counts(this.#passes);
  }

  /** Linear in the number of clients. */
  counts(): HubCounts {
    let total = this.#departed;
    for (const group of this.#groups.all()) {
      for (const client of group.clients) total = sum(total, this.countsOf(client));
    }
    return {
      ...total,
      clients: this.#clients,
      topics: this.#topics.size,
      topicsEvicted: this.#topics.evicted,
      published: this.#log.head - 1,
    };
  }

  get store(): HubStore {
    return { log: this.#log, topics: this.#topics, history: this.#history };
  }

  /** @throws {PayloadError} for a payload that `publish` would not take */
  check(payload: EncodedPayload): void {
    this.#checkedLength(payload);
  }

  /** Unlike `counts`, constant in the number of clients. */
  totals(): { published: number; topics: number; topicsEvicted: number } {
    return { published: this.#log.head - 1, topics: this.#topics.size, topicsEvicted: this.#topics.evicted };
  }

  /** Of the clients that have left, all together. */
  get departed(): Counts {
    return this.#departed;
  }

  /** What the hub holds of readings, in bytes: in the log, in the history, and in sockets that are behind. */
  get memory(): { readonly log: number; readonly history: number; readonly sockets: number } {
    return { log: this.#log.bytes, history: this.#history?.bytes ?? 0, sockets: this.#passes.memory.bytes };
  }

  /** In order of creation. */
  topics(): Iterable<Topic> {
    return this.#topics.all();
  }

  /** The topics that were published last, the newest first. */
  newestTopics(count: number): Topic[] {
    const newest: Topic[] = [];
    for (let topic = this.#topics.mostRecent; topic !== undefined && newest.length < count; topic = topic.older) {
      newest.push(topic);
    }
    return newest;
  }

  /** The newest reading of a topic, unless it was given up; valid until the next one is published. */
  newestOf({ newest, retained }: Topic): StoredReading | undefined {
    if (retained !== undefined) return retained;
    return newest >= this.#log.tail && newest < this.#log.head ? this.#log.read(newest, emptyReading()) : undefined;
  }

  /** How many clients get the readings of a topic. */
  audienceOf(topic: Topic): number {
    return this.#groups.matching(topic).reduce((sum, { clients }) => sum + clients.length, 0);
  }

  /** Stops all timers. Clients should have left. */
  close(): void {
    this.#passes.stop();
  }

  #checkedLength(payload: EncodedPayload): number {
    const length = this.#log.lengthOf(payload);
    checkEnvelope(payload, length, this.#logBytes);
    return length;
  }

  /** Should the log fail, for lack of memory, the topic must not claim a reading that is another's. */
  #append(topic: Topic, payload: EncodedPayload, entry: Entry): number {
    try {
      return this.#log.append(topic, payload, entry);
    } catch (error) {
      this.#topics.remove(topic);
      throw error;
    }
  }

  #canResume(epoch: string, seq: number): boolean {
    return epoch === this.epoch && seq + 1 >= this.#log.tail && seq < this.#log.head;
  }

  /** The log is about to give up its oldest reading. */
  #evict(seq: number, topic: Topic): void {
    this.#history?.giveUp(seq);
    for (const group of this.#groups.matching(topic)) group.evict(seq);
    if (topic.newest === seq && !topic.removed) {
      this.#topics.retain(topic, detached(this.#log.read(seq, emptyReading())));
    }
  }
}
