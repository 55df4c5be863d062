import type { Clock } from "../../time/clock";
import { DueList } from "../../time/due-list";
import { type ChunkBuilder, type GroupsOf, MAX_CHUNK_BYTES } from "./chunk-builder";
import type { FrameWriter } from "./frame-writer";
import { type FreshnessWindow, markPing } from "./freshness-window";
import type { HubClient } from "./hub-client";
import type { ReadingLog } from "./reading-log";
import type { RoundRobin } from "./round-robin";
import { SlowConsumerDetector, type SlowConsumerListener } from "./slow-consumer-detector";
import type { Chunk, SubscriptionGroup } from "./subscription-group";
import type { TopicTable } from "./topic";

/** A client that asked for one reading each N ms is looked at no more often than so many times in N ms. */
const LOOKS_PER_PERIOD = 16;

export interface DeliveryOptions extends SlowConsumerListener {
  readonly slow: "skip" | "disconnect";
  /** Has a client served by a coming pass. */
  queue(client: HubClient): void;
  onTooSlow?(client: HubClient): void;
}

/** Sends one client at a time what it is due: from the log, by topic, or as replay. */
export class Delivery {
  /** Of the running pass: it covers the readings before this one. */
  #end = 0;
  /** Groups that hold chunks of the running pass. */
  #cached: SubscriptionGroup[] = [];
  #marks = 0;
  readonly #due: DueList<HubClient>;
  readonly #lag: SlowConsumerDetector;

  constructor(
    private readonly log: ReadingLog,
    private readonly topics: TopicTable,
    private readonly writer: FrameWriter,
    private readonly chunks: ChunkBuilder,
    private readonly groupsOf: GroupsOf,
    private readonly clock: Clock,
    private readonly options: DeliveryOptions,
  ) {
    this.#lag = new SlowConsumerDetector(clock, options);
    this.#due = new DueList(clock, (client) => options.queue(client));
  }

  write(client: HubClient, frames: Buffer): void {
    client.unflushed++;
    client.sink.write(frames, client.flushed);
  }

  /** The socket of a client has taken a write. */
  readonly flushed = (client: HubClient): void => {
    client.unflushed--;
    if (client.unflushed === 0 && client.isWaiting) this.options.queue(client);
  };

  forget(client: HubClient): void {
    this.#due.delete(client);
  }

  close(): void {
    this.#due.clear();
  }

  /** @param end the pass covers the readings before this sequence number */
  beginPass(end: number): void {
    this.#end = end;
  }

  endPass(): void {
    for (const group of this.#cached) {
      group.chunks.clear();
      group.replays.clear();
    }
    this.#cached = [];
  }

  /** Sends a client what it is due, as far as its socket or its window has room: at most one write. */
  serve(client: HubClient): void {
    if (client.turns === undefined && client.position < client.group.tail) this.#fellOut(client);
    if (client.hasLeft) return;
    if (client.unflushed > 0) {
      client.isWaiting = true;
      if (client.cursor < this.#end) this.#lag.fellBehind(client);
      return;
    }
    client.isWaiting = false;
    if (client.turns !== undefined) this.#serveByTopic(client, client.turns);
    else if (client.replayed !== undefined) this.#serveReplay(client, client.replayed);
    else if (client.window !== undefined) this.#serveLatest(client, client.window);
    else this.#serveStream(client);
  }

  /** Topics that a client with `turns` is yet to be sent, besides replay. Linear in the number of topics. */
  pendingTopics(client: HubClient): number {
    let pending = 0;
    for (const topic of this.topics.inOrderOfCreation) {
      if (topic.newest < client.joined.seq || !client.turns?.isUnsent(topic)) continue;
      if (this.groupsOf(topic).has(client.group)) pending++;
    }
    return pending;
  }

  #serveStream(client: HubClient): void {
    const chunk = this.#nextChunk(client);
    if (chunk === undefined) return;
    if (chunk.readings > 0) {
      client.delivered += chunk.readings;
      this.write(client, chunk.frames);
    }
    this.#advance(client, chunk);
    if (chunk.next < this.#end) this.#wantsMore(client);
    else this.#lag.caughtUp(client);
  }

  #serveReplay(client: HubClient, replayed: number): void {
    const { group } = client;
    const end = client.joined.seq;
    const key = `${replayed}:${end}`;
    let chunk = group.replays.get(key);
    if (chunk === undefined) {
      chunk = this.chunks.replay(group, replayed, end);
      group.replays.set(key, chunk);
      this.#cached.push(group);
    }
    if (chunk.readings > 0) {
      client.extraOffered += chunk.readings;
      client.delivered += chunk.readings;
      this.write(client, chunk.frames);
    }
    client.replayed = chunk.next < end ? chunk.next : undefined;
    this.#wantsMore(client);
  }

  /** A `latest` client that keeps up gets every reading; one that does not, from now on the newest by topic. */
  #serveLatest(client: HubClient, window: FreshnessWindow): void {
    const chunk = window.room > 0 ? this.#nextChunk(client) : undefined;
    if (chunk === undefined && client.cursor >= this.#end) return;
    if (chunk === undefined || chunk.next < this.#end || chunk.frames.length > window.room) {
      this.#lag.fellBehind(client);
      if (client.turns !== undefined) this.#serveByTopic(client, client.turns);
      return;
    }
    if (chunk.readings > 0) {
      client.delivered += chunk.readings;
      this.write(client, this.#noted(window, chunk));
    }
    this.#advance(client, chunk);
    this.#lag.caughtUp(client);
  }

  #serveByTopic(client: HubClient, turns: RoundRobin): void {
    const { group, window } = client;
    const room = window?.room ?? MAX_CHUNK_BYTES;
    const now = this.clock.now();
    if (now < client.restsUntil) {
      this.#wakeAt(client, client.restsUntil);
      return;
    }
    client.restsUntil = now + client.subscription.every / LOOKS_PER_PERIOD;
    const topics = this.topics.inOrderOfCreation;
    const first = turns.firstOf(topics);
    let dueAt = Number.POSITIVE_INFINITY;
    // With no mark on its way no pong would make room.
    const mustWait = window !== undefined && !window.isEmpty;
    let isFull = mustWait && room <= 0;
    for (let visited = 0; visited < topics.length && !isFull; visited++) {
      const topic = topics[(first + visited) % topics.length];
      if (topic === undefined || !turns.isUnsent(topic) || !this.groupsOf(topic).has(group)) continue;
      const topicDueAt = turns.dueAt(topic);
      if (topicDueAt > now) {
        dueAt = Math.min(dueAt, topicDueAt);
        continue;
      }
      const reading = this.chunks.newestOf(topic);
      const length = this.writer.length + reading.end - reading.start;
      // With nothing on its way, a reading larger than all the room goes by itself.
      isFull = length > room && (this.writer.length > 0 || mustWait);
      if (isFull) break;
      this.writer.add(reading, group.enveloped);
      turns.sent(topic, now);
      client.delivered++;
      if (topic.newest < client.joined.seq) client.extraOffered++;
    }
    if (this.writer.length > 0) this.#writeMarked(client, this.writer.take());
    if (isFull) {
      this.#lag.fellBehind(client);
      // With a window, the next pong is what makes room.
      if (window === undefined) this.#wantsMore(client);
      return;
    }
    turns.prune(this.topics.size);
    if (dueAt < Number.POSITIVE_INFINITY) {
      this.#wakeAt(client, dueAt);
    } else if (client.subscription.every === 0) {
      client.turns = undefined;
      client.cursor = this.log.head;
      client.position = group.head;
      this.#lag.caughtUp(client);
    }
  }

  #wakeAt(client: HubClient, dueAt: number): void {
    client.dueAt = dueAt;
    this.#due.add(client);
  }

  /** The frames of a chunk, with a mark when the window wants one. */
  #noted(window: FreshnessWindow, chunk: Chunk): Buffer {
    if (!window.wantsMark(chunk.frames.length)) {
      window.wroteUnmarked(chunk.frames.length);
      return chunk.frames;
    }
    chunk.marked ??= this.#marked(chunk.frames);
    window.wrote(chunk.marked.frames.length, chunk.marked.mark);
    return chunk.marked.frames;
  }

  #writeMarked(client: HubClient, frames: Buffer): void {
    if (client.window === undefined) {
      this.write(client, frames);
      return;
    }
    const marked = this.#marked(frames);
    client.window.wrote(marked.frames.length, marked.mark);
    this.write(client, marked.frames);
  }

  /** The client's next piece of the log, or `undefined` when there is none in this pass. */
  #nextChunk(client: HubClient): Chunk | undefined {
    const { group } = client;
    // Whatever the log gave up since was not for this group.
    if (client.cursor < this.log.tail) client.cursor = this.log.tail;
    const { cursor } = client;
    if (cursor >= this.#end) return undefined;
    let chunk = group.chunks.get(cursor);
    if (chunk === undefined) {
      chunk = this.chunks.fromLog(group, cursor, client.position, this.#end);
      group.chunks.set(cursor, chunk);
      this.#cached.push(group);
    }
    return chunk;
  }

  #advance(client: HubClient, chunk: Chunk): void {
    client.cursor = chunk.next;
    client.position = chunk.nextPosition;
  }

  /** The next write follows when the socket has taken this one. */
  #wantsMore(client: HubClient): void {
    if (client.unflushed > 0) client.isWaiting = true;
    else this.options.queue(client);
  }

  /** The log has given up readings that the client was not sent. */
  #fellOut(client: HubClient): void {
    const { group } = client;
    if (client.window !== undefined) {
      this.#lag.fellBehind(client);
      return;
    }
    client.dropped += group.tail - client.position;
    client.position = group.tail;
    client.cursor = this.log.tail;
    const isReplayed = client.replayed !== undefined;
    if (this.options.slow === "disconnect" && !isReplayed) this.options.onTooSlow?.(client);
    else this.#lag.becameSlow(client);
  }

  #marked(frames: Buffer): { frames: Buffer; mark: number } {
    const mark = ++this.#marks;
    return { frames: Buffer.concat([frames, markPing(mark)]), mark };
  }
}
