import type { Clock } from "../../time/clock";
import { DueList } from "../../time/due-list";
import { serve } from "./delivery";
import type { Pass } from "./feeds/feed";
import type { ChunkBuilder } from "./frames/chunk-builder";
import type { FrameWriter } from "./frames/frame-writer";
import type { HubClient } from "./hub-client";
import type { ReadingLog } from "./log/reading-log";
import type { TopicTable } from "./log/topic-table";
import { Pacer } from "./pacer";
import { ReadyQueue } from "./ready-queue";
import { SlowConsumerDetector, type SlowConsumerListener } from "./slow-consumer-detector";
import type { SubscriptionGroup } from "./subscription-group";

export interface PassesOptions extends SlowConsumerListener {
  readonly log: ReadingLog;
  readonly topics: TopicTable;
  readonly chunks: ChunkBuilder;
  readonly writer: FrameWriter;
  readonly clock: Clock;
  readonly slow: "skip" | "disconnect";
  onError(error: unknown): void;
  onTooSlow?(client: HubClient): void;
}

/** Serves clients, pass by pass, and acts on what came of it: queues them again, reports them, has them closed. */
export class Passes implements Pass {
  readonly log: ReadingLog;
  readonly topics: TopicTable;
  readonly chunks: ChunkBuilder;
  readonly writer: FrameWriter;
  readonly #options: PassesOptions;
  readonly #clock: Clock;
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
    this.#options = options;
    this.#clock = clock;
    this.#slowConsumers = new SlowConsumerDetector(clock, options);
    this.#ready = new ReadyQueue({
      beginPass: () => {
        this.#end = log.head;
      },
      serve: (client) => this.#serve(client),
      endPass: () => chunks.clear(),
      requestPass: () => this.#pacer.request(),
      onError: options.onError,
    });
    this.#pacer = new Pacer(this.#ready, clock);
    this.#due = new DueList(clock, (client) => this.#ready.queue(client));
  }

  get end(): number {
    return this.#end;
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

  /** A client has left. */
  forget(client: HubClient): void {
    this.#due.delete(client);
  }

  stop(): void {
    this.#pacer.stop();
    this.#due.clear();
  }

  #serve(client: HubClient): void {
    let served = serve(client, this);
    if (served === "fell out") {
      if (this.#options.slow === "disconnect" && client.feed.kind === "stream") {
        this.#options.onTooSlow?.(client);
        return;
      }
      this.#slowConsumers.note(client, served);
      if (client.hasLeft) return;
      served = serve(client, this);
    }
    if (served === "part" || served === "blocked") this.#queueOnceTaken(client);
    else if (served === "resting" && client.feed.kind === "periodic") this.#queueAt(client, client.feed.dueAt);
    this.#slowConsumers.note(client, served);
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
