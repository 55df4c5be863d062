import { DueList } from "../../time/due-list";
import type { LoopClock } from "../../time/loop-clock";
import { Compression } from "./compression/compression";
import { serve } from "./delivery";
import type { Pass, Served } from "./feeds/feed";
import type { ChunkBuilder } from "./frames/chunk-builder";
import type { FrameWriter } from "./frames/frame-writer";
import type { HubClient } from "./hub-client";
import type { ReadingLog } from "./log/reading-log";
import type { TopicTable } from "./log/topic-table";
import type { OutboxContext } from "./outbox";
import { Pacer, type Step } from "./pacer";
import { type OnPass, PassTimer } from "./pass-timer";
import { ReadyQueue } from "./ready-queue";
import { SlowConsumerDetector, type SlowConsumerListener } from "./slow-consumer-detector";
import { SocketMemory } from "./socket-memory";
import type { SubscriptionGroup } from "./subscription-group";

/** The most that is written to a client at once: bounds what a stalled socket holds on to. */
const MAX_CHUNK_BYTES = 64 * 1024;
/** The same while sockets hold much memory already. */
const SCARCE_CHUNK_BYTES = 4 * 1024;
/** To compress so much takes long. */
const LONG_COMPRESSION_BYTES = 8 * 1024;
/** To write so much takes long. */
const LONG_WRITE_BYTES = 2 * MAX_CHUNK_BYTES;

export interface PassesOptions extends SlowConsumerListener {
  readonly log: ReadingLog;
  readonly topics: TopicTable;
  readonly chunks: ChunkBuilder;
  readonly writer: FrameWriter;
  readonly clock: LoopClock;
  readonly slow: "skip" | "disconnect";
  /** What sockets may hold outside of the log, in bytes. */
  readonly maxSocketBytes: number;
  /** Passes are timed for whom it is given. */
  readonly onPass?: OnPass | undefined;
  onError(error: unknown): void;
  onTooSlow?(client: HubClient): void;
  onStalled?(client: HubClient): void;
  onFailed?(client: HubClient): void;
}

/** Serves clients, pass by pass, and acts on what came of it: queues them again, reports them, has them closed. */
export class Passes implements Pass, OutboxContext {
  readonly log: ReadingLog;
  readonly topics: TopicTable;
  readonly chunks: ChunkBuilder;
  readonly writer: FrameWriter;
  readonly compression: Compression;
  readonly memory: SocketMemory;
  readonly #options: PassesOptions;
  readonly #clock: LoopClock;
  readonly #due: DueList<HubClient>;
  readonly #ready: ReadyQueue;
  readonly #pacer: Pacer;
  readonly #slowConsumers: SlowConsumerDetector;
  #end = 0;
  #marks = 0;

  constructor(options: PassesOptions) {
    const { log, topics, chunks, writer, clock } = options;
    this.log = log;
    this.topics = topics;
    this.chunks = chunks;
    this.writer = writer;
    this.compression = new Compression(clock);
    this.memory = new SocketMemory(options.maxSocketBytes);
    this.#options = options;
    this.#clock = clock;
    this.#slowConsumers = new SlowConsumerDetector(clock, options);
    const timer = options.onPass && new PassTimer(clock, options.onPass);
    this.#ready = new ReadyQueue({
      clock,
      beginPass: () => {
        this.#end = log.head;
        timer?.begun();
      },
      resumePass: () => this.#resume(),
      serve: (client) => this.#step(client),
      endPass: () => {
        chunks.clear();
        writer.endPass();
        timer?.ended();
      },
      requestPass: () => {
        timer?.wanted();
        this.#pacer.request();
      },
      onError: (error, client) => this.#failed(error, client),
    });
    this.#pacer = new Pacer(this.#ready, clock);
    this.#due = new DueList(clock, (client) => this.#ready.queue(client));
  }

  get end(): number {
    return this.#end;
  }

  get maxChunkBytes(): number {
    return this.memory.isScarce ? SCARCE_CHUNK_BYTES : MAX_CHUNK_BYTES;
  }

  limited(room: number): number {
    return this.memory.isScarce ? Math.min(room, SCARCE_CHUNK_BYTES) : room;
  }

  now(): number {
    return this.#clock.now();
  }

  nextMark(): number {
    return ++this.#marks;
  }

  /** A group has a new reading. */
  touch(group: SubscriptionGroup): void {
    this.#ready.touch(group);
  }

  /** Has a client served by the next pass. */
  queue(client: HubClient): void {
    this.#ready.queue(client);
  }

  onTaken(client: HubClient): void {
    this.#ready.queue(client);
  }

  /** Something was written: should sockets hold too much now, those that have been waiting for longest are cut off. */
  relieve(): void {
    for (let stalled = this.memory.overdrawn; stalled !== undefined; stalled = this.memory.overdrawn) {
      this.memory.release(stalled);
      this.#options.onStalled?.(stalled.client);
    }
  }

  /** The socket of a client is gone. */
  release(client: HubClient): void {
    this.memory.release(client.outbox);
  }

  /** A group has no clients any more. */
  releaseGroup(group: SubscriptionGroup): void {
    this.compression.release(group);
  }

  /** A client has left. */
  forget(client: HubClient): void {
    this.#due.delete(client);
  }

  stop(): void {
    this.#pacer.stop();
    this.#ready.stop();
    this.#due.clear();
  }

  /**
   * What was published in the meantime goes with the pass: who is late in it gets newer readings, rather than late ones. A
   * compressed stream is one for all of a group, so those must all get the same.
   */
  #resume(): void {
    if (this.#end === this.log.head || this.compression.streams > 0) return;
    this.#end = this.log.head;
    this.chunks.clear();
  }

  #step(client: HubClient): Step {
    const { outbox } = client;
    const { compression } = this;
    const written = outbox.bytesWritten;
    const compressed = compression.bytes;
    const served = this.#serve(client);
    if (served === "idle" || served === "blocked") return served;
    const isShort =
      outbox.bytesWritten - written < LONG_WRITE_BYTES && compression.bytes - compressed < LONG_COMPRESSION_BYTES;
    return isShort ? "short" : "long";
  }

  #serve(client: HubClient): Served {
    let served = serve(client, this);
    if (served === "fell out") {
      if (this.#options.slow === "disconnect" && client.feed.kind === "stream") {
        this.#options.onTooSlow?.(client);
        return served;
      }
      this.#slowConsumers.note(client, served);
      if (client.hasLeft) return served;
      served = serve(client, this);
    }
    if (served === "part" || served === "blocked") this.#queueOnceTaken(client);
    else if (served === "resting" && client.feed.kind === "periodic") this.#queueAt(client, client.feed.dueAt);
    this.#slowConsumers.note(client, served);
    this.relieve();
    return served;
  }

  /** What failed for one client must not reach another: neither frames already made nor a client that fails for ever. */
  #failed(error: unknown, client: HubClient): void {
    this.writer.clear();
    this.#options.onError(error);
    this.#options.onFailed?.(client);
  }

  #queueOnceTaken(client: HubClient): void {
    if (client.outbox.isBusy) client.outbox.awaitTaken();
    else this.#ready.queue(client);
  }

  #queueAt(client: HubClient, dueAt: number): void {
    client.dueAt = dueAt;
    this.#due.add(client);
  }
}
