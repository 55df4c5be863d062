import { randomBytes } from "node:crypto";
import { FilterTree } from "../../mqtt/topic-filter";
import { type Clock, systemClock } from "../../time/clock";
import { ChunkBuilder } from "./chunk-builder";
import { Delivery } from "./delivery";
import type { FrameSink } from "./frame-sink";
import { FrameWriter } from "./frame-writer";
import { frame, OPCODE } from "./frames";
import { FreshnessWindow } from "./freshness-window";
import { type Counts, HubClient, NO_COUNTS, sum } from "./hub-client";
import { Pacer } from "./pacer";
import type { EncodedPayload } from "./payload";
import { ReadingLog } from "./reading-log";
import { ReadyQueue } from "./ready-queue";
import { RoundRobin } from "./round-robin";
import { detached, emptyReading } from "./stored-reading";
import type { Subscription } from "./subscription";
import { SubscriptionGroup } from "./subscription-group";
import { Topic, TopicTable } from "./topic";

const MAX_TOPICS = 10_000;
/** A targeted reading is refused when so much is still waiting in the client's socket. */
const MAX_TARGETED_BACKLOG_BYTES = 64 * 1024;
const MISSED = frame(OPCODE.text, Buffer.from('{"missed":true}'));

export interface HubOptions {
  /** What a `stream` client that fell out of the log gets: skip ahead, or be reported to `onTooSlow`. */
  readonly slow: "skip" | "disconnect";
  /** Bound on the age of what a `latest` client sees, in ms. */
  readonly maxAge: number;
  readonly logBytes: number;
  readonly maxTopics?: number;
  readonly clock?: Clock;
  /** Told of what should not happen: an error of our own while readings are handed out. */
  onError(error: unknown): void;
  onSlow?(client: HubClient): void;
  onRecovered?(client: HubClient): void;
  /** The callee has it leave and closes it. */
  onTooSlow?(client: HubClient): void;
}

export interface PublishOptions {
  /** Milliseconds since the epoch; default: now. */
  readonly time?: number;
  /** Send `{"topic","payload","time","seq"}` to clients that did not ask for either form. */
  readonly envelope?: boolean;
}

/**
 * Fans readings out to any number of clients. A reading is encoded once, into a log that all clients share; a client is
 * a place in that log. Passes walk the clients that have something to receive; each gets one write of a chunk that it
 * shares with all others at the same place.
 */
export class Hub {
  /** Differs from every other hub's: sequence numbers mean nothing without it. */
  readonly epoch = randomBytes(6).toString("hex");
  readonly #clock: Clock;
  readonly #log: ReadingLog;
  readonly #topics: TopicTable;
  readonly #groups = new Map<string, SubscriptionGroup>();
  /** Groups with filters, and those without. */
  readonly #filters = new FilterTree<SubscriptionGroup>();
  readonly #unfiltered = new Set<SubscriptionGroup>();
  #filterVersion = 0;
  readonly #writer: FrameWriter;
  readonly #delivery: Delivery;
  readonly #fanOut: ReadyQueue;
  readonly #pacer: Pacer;
  #clients = 0;
  #departed: Counts = NO_COUNTS;
  #newestIsEnveloped = false;

  constructor(private readonly options: HubOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#topics = new TopicTable(options.maxTopics ?? MAX_TOPICS, options.logBytes);
    this.#log = new ReadingLog(options.logBytes, (seq, topic) => this.#evict(seq, topic));
    this.#writer = new FrameWriter(this.epoch);
    const groupsOf = (topic: Topic) => this.#groupsOf(topic);
    const chunks = new ChunkBuilder(this.#log, this.#topics, this.#writer, groupsOf);
    this.#delivery = new Delivery(this.#log, this.#topics, this.#writer, chunks, groupsOf, this.#clock, {
      ...options,
      queue: (client) => this.#fanOut.queue(client),
    });
    this.#fanOut = new ReadyQueue(this.#delivery, {
      head: () => this.#log.head,
      requestPass: () => this.#pacer.request(),
      onError: options.onError,
    });
    this.#pacer = new Pacer(this.#fanOut, this.#clock);
  }

  /**
   * Constant in the number of clients.
   * @returns the reading's sequence number
   * @throws {PayloadError} for a payload larger than the log
   */
  publish(topicName: string, payload: EncodedPayload, options: PublishOptions = {}): number {
    const length = this.#log.lengthOf(payload);
    const topic = this.#topics.touch(topicName);
    const { time = this.#clock.wallTime(), envelope = false } = options;
    // Before the log makes room: it may give up what was the newest reading so far, which need not be kept then.
    this.#topics.renew(topic, this.#log.head);
    const seq = this.#log.append(topic, payload, length, time, envelope);
    this.#newestIsEnveloped = envelope;
    for (const group of this.#groupsOf(topic)) {
      group.append(seq);
      this.#fanOut.touch(group);
    }
    return seq;
  }

  /**
   * Sends to one client alone, outside of the log and without a sequence number.
   * @returns false when its socket is too far behind: the reading counts as dropped
   * @throws {PayloadError} for a payload larger than the log
   */
  sendTo(client: HubClient, topicName: string, payload: EncodedPayload, options: PublishOptions = {}): boolean {
    if (client.hasLeft) return false;
    const length = this.#log.lengthOf(payload);
    client.extraOffered++;
    if (client.sink.writableLength > MAX_TARGETED_BACKLOG_BYTES) {
      client.dropped++;
      return false;
    }
    const { kind, body } = payload;
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    const bare = frame(kind === "binary" ? OPCODE.binary : OPCODE.text, bytes);
    this.#writer.add(
      {
        seq: 0,
        topic: new Topic(0, topicName),
        kind,
        enveloped: options.envelope ?? false,
        time: options.time ?? this.#clock.wallTime(),
        bytes: bare,
        start: 0,
        bodyStart: length - bytes.length,
        end: length,
      },
      client.subscription.envelope,
    );
    client.delivered++;
    this.#delivery.write(client, this.#writer.take());
    return true;
  }

  join(sink: FrameSink, subscription: Subscription): HubClient {
    const { mode, every, replay, since } = subscription;
    const group = this.#groupFor(subscription);
    const isByTopic = mode === "latest" || every > 0;
    const canResume = since !== undefined && this.#canResume(since.epoch, since.seq) && !isByTopic;
    const seq = canResume ? since.seq + 1 : this.#log.head;
    const position = canResume
      ? group.positionOf(seq, this.#log, (topic) => this.#groupsOf(topic).has(group))
      : group.head;
    const window = mode === "latest" ? new FreshnessWindow(this.options.maxAge, this.#clock) : undefined;
    const client = new HubClient(group, sink, subscription, { seq, position }, window, this.#delivery.flushed);
    const isReplayed = (replay || since !== undefined) && !canResume;
    if (isByTopic && (isReplayed || every > 0)) client.turns = new RoundRobin(isReplayed ? 1 : seq, every);
    else if (isReplayed) client.replayed = 0;

    group.add(client);
    this.#clients++;
    if (since !== undefined && !this.#canResume(since.epoch, since.seq) && this.#isEnveloped(subscription)) {
      this.#delivery.write(client, MISSED);
    }
    this.#fanOut.queue(client);
    return client;
  }

  /** Idempotent. What was pending counts as dropped. */
  leave(client: HubClient): void {
    if (client.hasLeft) return;
    const counts = this.countsOf(client);
    client.final = { ...counts, dropped: counts.dropped + counts.pending, pending: 0 };
    this.#departed = sum(this.#departed, client.final);
    client.hasLeft = true;
    this.#clients--;
    this.#delivery.forget(client);
    const { group } = client;
    group.remove(client);
    if (group.clients.length === 0) this.#removeGroup(group);
  }

  /** Every pong of a client comes here: those that answer the hub's own pings make room for more. */
  pong(client: HubClient, data: Buffer): void {
    if (!client.hasLeft && client.window?.pong(data)) this.#fanOut.queue(client);
  }

  /** Removes a topic's replay. @returns whether there was one */
  forget(topicName: string): boolean {
    const topic = this.#topics.get(topicName);
    if (topic === undefined) return false;
    this.#topics.remove(topic);
    return true;
  }

  countsOf(client: HubClient): Counts {
    return client.final ?? client.countsWith(client.turns === undefined ? 0 : this.#delivery.pendingTopics(client));
  }

  /** Linear in the number of clients. */
  counts(): Counts & { clients: number; topics: number; topicsEvicted: number; published: number } {
    let total = this.#departed;
    for (const group of this.#groups.values()) {
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

  /** Stops all timers. Clients should have left. */
  close(): void {
    this.#pacer.stop();
    this.#delivery.close();
  }

  #canResume(epoch: string, seq: number): boolean {
    return epoch === this.epoch && seq + 1 >= this.#log.tail && seq < this.#log.head;
  }

  #isEnveloped(subscription: Subscription): boolean {
    return subscription.envelope ?? this.#newestIsEnveloped;
  }

  #groupFor({ filters, granted, envelope }: Subscription): SubscriptionGroup {
    const key = JSON.stringify([envelope ?? null, sorted(filters), granted && sorted(granted)]);
    const existing = this.#groups.get(key);
    if (existing !== undefined) return existing;
    const group = new SubscriptionGroup(key, filters, granted, envelope, this.#log.head);
    this.#groups.set(key, group);
    for (const filter of filters) this.#filters.add(filter, group);
    if (filters.length === 0) this.#unfiltered.add(group);
    this.#filterVersion++;
    return group;
  }

  #removeGroup(group: SubscriptionGroup): void {
    this.#groups.delete(group.key);
    for (const filter of group.filters) this.#filters.remove(filter, group);
    this.#unfiltered.delete(group);
    this.#filterVersion++;
  }

  #groupsOf(topic: Topic): ReadonlySet<SubscriptionGroup> {
    if (topic.matchedAt !== this.#filterVersion) {
      const groups = this.#filters.holdersOf(topic.name);
      for (const group of this.#unfiltered) groups.add(group);
      for (const group of groups) if (!group.permits(topic.name)) groups.delete(group);
      topic.groups = groups;
      topic.matchedAt = this.#filterVersion;
    }
    return topic.groups;
  }

  /** The log is about to give up its oldest reading. */
  #evict(seq: number, topic: Topic): void {
    for (const group of this.#groupsOf(topic)) group.evict(seq);
    if (topic.newest === seq && !topic.gone) this.#topics.keep(topic, detached(this.#log.read(seq, emptyReading())));
  }
}

function sorted(filters: readonly string[]): string[] {
  return [...new Set(filters)].sort();
}
