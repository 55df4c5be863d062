import type { FrameSink } from "./frame-sink";
import type { FreshnessWindow } from "./freshness-window";
import type { RoundRobin } from "./round-robin";
import type { Subscription } from "./subscription";
import type { SubscriptionGroup } from "./subscription-group";

/** `offered = delivered + conflated + dropped + pending`, always. Readings, not bytes. */
export interface Counts {
  /** Readings published for this client, and those it was sent as replay. */
  readonly offered: number;
  /** Handed to the client's socket. */
  readonly delivered: number;
  /** Superseded by a newer reading of their topic before they were sent, as the client's mode or rate has it. */
  readonly conflated: number;
  /** Not sent because the client was too slow, or left. */
  readonly dropped: number;
  readonly pending: number;
}

/** One client of a hub: a place in the log, never a queue. */
export class HubClient {
  /** Within its group. */
  index = 0;
  /** Sequence number of the next reading, and its position in the group. */
  cursor: number;
  position: number;
  /** While the replay goes on: newest readings up to this sequence number were sent; it ends where the client joined. */
  replayed: number | undefined;
  /** While the client gets readings by topic rather than from the log. */
  turns: RoundRobin | undefined;
  /** When it fell behind, while it is; on the hub's clock. */
  behindSince: number | undefined;
  isSlow = false;
  hasLeft = false;
  /** Its counts when it left. */
  final: Counts | undefined;
  /** Writes that the socket has not taken yet. */
  unflushed = 0;
  /** Has more to send as soon as the socket takes more. */
  isWaiting = false;
  /** In the hub's list of clients to be served. */
  isQueued = false;
  /** When the next of its topics may be sent, on the hub's clock. */
  dueAt = 0;
  /** A client with a rate of its own is not looked at before. */
  restsUntil = 0;
  delivered = 0;
  dropped = 0;
  /** Readings offered besides those of its group: replay and targeted ones. */
  extraOffered = 0;

  /**
   * @param joined where the client begins: sequence number and position
   * @param flushed called for every write that the socket has taken
   */
  constructor(
    readonly group: SubscriptionGroup,
    readonly sink: FrameSink,
    readonly subscription: Subscription,
    readonly joined: { readonly seq: number; readonly position: number },
    readonly window: FreshnessWindow | undefined,
    flushed: (client: HubClient) => void,
  ) {
    this.cursor = joined.seq;
    this.position = joined.position;
    this.flushed = () => flushed(this);
  }

  readonly flushed: () => void;

  /** @param pendingTopics topics whose newest reading, published since the client joined, is unsent; for `turns` */
  countsWith(pendingTopics: number): Counts {
    const { delivered, dropped } = this;
    const offered = this.group.head - this.joined.position + this.extraOffered;
    const pending = this.turns === undefined ? this.group.head - this.position : pendingTopics;
    return { offered, delivered, conflated: offered - delivered - dropped - pending, dropped, pending };
  }
}

export const NO_COUNTS: Counts = { offered: 0, delivered: 0, conflated: 0, dropped: 0, pending: 0 };

export function sum(a: Counts, b: Counts): Counts {
  return {
    offered: a.offered + b.offered,
    delivered: a.delivered + b.delivered,
    conflated: a.conflated + b.conflated,
    dropped: a.dropped + b.dropped,
    pending: a.pending + b.pending,
  };
}
