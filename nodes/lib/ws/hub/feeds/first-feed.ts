import type { Clock } from "../../../time/clock";
import type { ReadingHistory } from "../history/reading-history";
import type { TopicTable } from "../log/topic-table";
import type { Subscription } from "../subscription";
import { CatchUpFeed } from "./catch-up-feed";
import type { Feed } from "./feed";
import { FreshnessWindow } from "./freshness-window";
import { HistoryFeed } from "./history-feed";
import { LatestFeed } from "./latest-feed";
import type { LogCursor } from "./log-cursor";
import { PeriodicFeed } from "./periodic-feed";
import { ReplayFeed } from "./replay-feed";
import { ResumeFeed } from "./resume-feed";
import { StreamFeed } from "./stream-feed";

export interface FirstFeedOptions {
  readonly maxAge: number;
  /** Seconds after which a topic's newest reading is not replayed any more; 0: never. */
  readonly expire: number;
  readonly clock: Clock;
  readonly topics: TopicTable;
  readonly history: ReadingHistory | undefined;
}

/** Decides what new clients are fed first. */
export class FirstFeed {
  readonly #options: FirstFeedOptions;

  constructor(options: FirstFeedOptions) {
    this.#options = options;
  }

  /**
   * @param live where readings go on that are published from now on
   * @param canResume the log holds what comes after the client's `since`
   */
  of(subscription: Subscription, live: LogCursor, canResume: boolean): Feed {
    const { mode, every, replay, since } = subscription;
    const isReplayed = replay || since !== undefined;
    const { maxAge, clock } = this.#options;
    const window = mode === "latest" ? new FreshnessWindow(maxAge, clock) : undefined;
    const isByReading = window === undefined && every === 0;
    if (isByReading && canResume && since !== undefined) return new ResumeFeed(since.seq + 1, live);
    if (subscription.history !== undefined) return this.#withHistory(subscription, live, window);
    const from = isReplayed ? this.#replayFrom(live) : live.seq;
    if (every > 0) return new PeriodicFeed(from, every, window);
    if (window !== undefined) return isReplayed ? new CatchUpFeed(from, window) : new LatestFeed(live, window);
    return isReplayed ? new ReplayFeed(live, from - 1) : new StreamFeed(live);
  }

  #withHistory(
    { every, replay, history: range }: Subscription,
    live: LogCursor,
    window: FreshnessWindow | undefined,
  ): Feed {
    const { history, clock } = this.#options;
    const next =
      every > 0
        ? new PeriodicFeed(live.seq, every, window)
        : window !== undefined
          ? new LatestFeed(live, window)
          : new StreamFeed(live);
    const view = history?.view(range ?? { readings: 0 }, live.seq, clock.now()) ?? {
      start: live.seq,
      end: live.seq,
      readings: 0,
    };
    return new HistoryFeed({
      view,
      replayAfter: replay ? this.#replayFrom(live) - 1 : undefined,
      cursor: next.kind === "stream" ? live : undefined,
      next,
    });
  }

  /** Sequence number of the first reading that is not too old to be replayed. */
  #replayFrom(live: LogCursor): number {
    const { expire, clock, topics } = this.#options;
    return expire === 0 ? 1 : Math.min(live.seq, topics.firstSince(clock.now() - expire * 1000));
  }
}
