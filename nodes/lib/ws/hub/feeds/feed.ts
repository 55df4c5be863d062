import type { Compression } from "../compression/compression";
import type { ChunkBuilder } from "../frames/chunk-builder";
import type { FrameWriter } from "../frames/frame-writer";
import type { ReadingLog } from "../log/reading-log";
import type { TopicTable } from "../log/topic-table";
import type { CatchUpFeed } from "./catch-up-feed";
import type { FreshnessWindow } from "./freshness-window";
import type { HistoryFeed } from "./history-feed";
import type { LatestFeed } from "./latest-feed";
import type { PeriodicFeed } from "./periodic-feed";
import type { ReplayFeed } from "./replay-feed";
import type { ResumeFeed } from "./resume-feed";
import type { StreamFeed } from "./stream-feed";

/**
 * What a client is being fed. A feed sends; what follows from that is up to its caller. To serve one that `takesLong` takes up
 * to a millisecond, any other some microseconds.
 *
 *     stream:       resume ──found───▶ stream
 *                   resume ──missed──▶ replay ──over──▶ stream
 *     with history: history ──over──▶ stream, latest or periodic
 *     latest:       latest ──behind──▶ catch-up ──sent──▶ latest
 *     every N ms:   periodic
 */
export type Feed = HistoryFeed | ResumeFeed | ReplayFeed | StreamFeed | LatestFeed | CatchUpFeed | PeriodicFeed;

/** Of a client that is to see fresh readings. */
export function windowOf(feed: Feed): FreshnessWindow | undefined {
  return feed.kind === "latest" || feed.kind === "catch-up" || feed.kind === "periodic" ? feed.window : undefined;
}

/** What serving a client came to. */
export type Served =
  /** Nothing was due. */
  | "idle"
  /** It has been sent everything that was due. */
  | "sent"
  /** More can follow as soon as its socket has taken this. */
  | "part"
  /** Its socket has not taken the last write yet. */
  | "blocked"
  /** Its window has no room: the next pong makes some. */
  | "full"
  /** Something falls due later. */
  | "resting"
  /** The log has given up readings that it was not sent: they are counted as dropped, and it can be served again. */
  | "fell out";

/** The running pass: where feeds take from what they send. */
export interface Pass {
  readonly log: ReadingLog;
  readonly topics: TopicTable;
  readonly chunks: ChunkBuilder;
  readonly writer: FrameWriter;
  readonly compression: Compression;
  /** The pass covers the readings before this sequence number. */
  readonly end: number;
  /** The most to write at once, in bytes; a single reading may take more. */
  readonly maxChunkBytes: number;
  /** The room of a window, less while sockets hold much memory. */
  limited(room: number): number;
  /** In ms, on the hub's clock. */
  now(): number;
  /** Number of the next mark: they grow. */
  nextMark(): number;
}
