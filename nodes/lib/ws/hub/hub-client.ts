import { type Counts, Tally } from "./counts";
import type { Feed, Pass } from "./feeds/feed";
import type { FrameSink } from "./frame-sink";
import type { Chunk, CompressedChunk } from "./frames/chunk";
import { Outbox, type OutboxContext } from "./outbox";
import type { ConsumerState } from "./slow-consumer-detector";
import type { Subscription } from "./subscription";
import type { SubscriptionGroup } from "./subscription-group";

/** Where a client begins: a sequence number, and its position in the group. */
export interface JoinPoint {
  readonly seq: number;
  readonly position: number;
}

export interface HubClientOptions {
  readonly group: SubscriptionGroup;
  readonly subscription: Subscription;
  readonly joined: JoinPoint;
  readonly sink: FrameSink;
  readonly feed: Feed;
}

/** One client of a hub: a place in the log, never a queue. Each of its fields that change has one owner. */
export class HubClient {
  readonly group: SubscriptionGroup;
  readonly subscription: Subscription;
  /** The delivery's: where it began, or went on. */
  joined: JoinPoint;
  readonly outbox: Outbox;
  readonly tally = new Tally();
  /** The delivery's. */
  feed: Feed;
  /** The slow-consumer detector's; most are never behind. */
  consumer: ConsumerState | undefined;
  /** Its place in the group: the group's. */
  index = 0;
  /** The ready queue's: whether it is in there. */
  isQueued = false;
  /** The list of due clients': when it is to be served, on the hub's clock. */
  dueAt = 0;
  /** Number of the newest chunk of its group's compressed stream that it was sent; -1: none. */
  inflated = -1;
  /** The hub's: its counts once it has left. */
  final: Counts | undefined;

  constructor({ group, subscription, joined, sink, feed }: HubClientOptions, context: OutboxContext) {
    this.group = group;
    this.subscription = subscription;
    this.joined = joined;
    this.outbox = new Outbox(sink, this, context);
    this.feed = feed;
  }

  get hasLeft(): boolean {
    return this.final !== undefined;
  }

  /** It is not where the others are yet, and getting there takes long. */
  get isNewcomer(): boolean {
    return this.feed.takesLong;
  }

  get sink(): FrameSink {
    return this.outbox.sink;
  }

  send(frames: Buffer, readings: number): void {
    if (readings === 0) return;
    this.tally.delivered += readings;
    this.outbox.write(frames);
  }

  /** @param frames what is written: default: those of the chunk, or of what it was compressed to, if that can be sent */
  sendChunk(chunk: Chunk, compressed: CompressedChunk | undefined, frames = (compressed ?? chunk).frames): void {
    if (compressed !== undefined) this.inflated = compressed.number;
    this.send(frames, chunk.readings);
  }

  counts(pass: Pass): Counts {
    if (this.final !== undefined) return this.final;
    return this.tally.counts(this.group.head - this.joined.position, this.feed.pending(this, pass));
  }
}
