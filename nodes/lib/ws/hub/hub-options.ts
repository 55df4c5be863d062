import type { LoopClock } from "../../time/loop-clock";
import type { Counts } from "./counts";
import type { HistoryBounds, ReadingHistory } from "./history/reading-history";
import type { HubClient } from "./hub-client";
import type { ReadingLog } from "./log/reading-log";
import type { TopicTable } from "./log/topic-table";
import type { OnPass } from "./pass-timer";
import type { EncodedPayload } from "./payload";

export interface HubOptions {
  /** That of the hub whose readings this one gives out, too; default: one that no other hub has. */
  readonly epoch?: string | undefined;
  /** What a `stream` client that fell out of the log gets: skip ahead, or be reported to `onTooSlow`. */
  readonly slow: "skip" | "disconnect";
  /** Bound on the age of what a `latest` client sees, in ms. */
  readonly maxAge: number;
  readonly logBytes: number;
  readonly maxTopics?: number;
  /** What is kept for clients that ask for it; `undefined`: nothing. */
  readonly history?: HistoryBounds | undefined;
  /** Seconds after which a topic's newest reading is not replayed any more; 0, the default: never. */
  readonly expire?: number;
  /** What sockets may hold outside of the log, in bytes; default: 16 MiB and twice the log. */
  readonly maxSocketBytes?: number;
  readonly clock?: LoopClock;
  /** Told of every pass that is through. */
  readonly onPass?: OnPass | undefined;
  /** Told of what should not happen: an error of our own while readings are handed out. */
  onError(error: unknown): void;
  onSlow?(client: HubClient): void;
  onRecovered?(client: HubClient): void;
  /** The callee has it leave and closes it. */
  onTooSlow?(client: HubClient): void;
  /**
   * Too much memory is taken by sockets that do not take what they were given: this one has been waiting for longest. The
   * callee has it leave, if it has not yet, and cuts it off.
   */
  onStalled?(client: HubClient): void;
  /** Serving a client has failed, as `onError` was told. The callee has it leave and closes it. */
  onFailed?(client: HubClient): void;
}

export interface PublishOptions {
  /** Milliseconds since the epoch; default: now. */
  readonly time?: number;
  /** How long ago it was published elsewhere, in ms; default: 0. */
  readonly age?: number;
  /** Send `{"topic","payload","time","seq"}` to clients that did not ask for either form. */
  readonly envelope?: boolean;
}

/** All that a hub holds, for a replica of it to be made. */
export interface HubStore {
  readonly log: ReadingLog;
  readonly topics: TopicTable;
  readonly history: ReadingHistory | undefined;
}

/** A reading for one client alone. */
export interface TargetedMessage {
  readonly topic: string;
  readonly payload: EncodedPayload;
}

export interface HubCounts extends Counts {
  readonly clients: number;
  readonly topics: number;
  readonly topicsEvicted: number;
  readonly published: number;
}
