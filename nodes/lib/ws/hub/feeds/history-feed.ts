import type { HistoryView } from "../history/reading-history";
import type { HubClient } from "../hub-client";
import type { Feed, Pass, Served } from "./feed";
import type { LogCursor } from "./log-cursor";

export interface HistoryFeedOptions {
  readonly view: HistoryView;
  /** Before it, the newest reading of each topic that has none in the view: of those after this one; `undefined`: none. */
  readonly replayAfter: number | undefined;
  /** Of a client that is to get every reading published since it joined. */
  readonly cursor: LogCursor | undefined;
  /** What the client is fed afterwards. */
  readonly next: Exclude<Feed, HistoryFeed>;
}

/** First what was published before the client joined, in order; then whatever its mode says, from there on. */
export class HistoryFeed {
  readonly kind = "history";
  readonly takesLong = true;
  readonly next: HistoryFeedOptions["next"];
  readonly #cursor: LogCursor | undefined;
  readonly #view: HistoryView;
  /** While older newest readings are replayed: up to which that is done. */
  #replayed: number | undefined;
  /** Sequence number of the reading of the view to go on with. */
  #at: number;

  constructor({ view, replayAfter, cursor, next }: HistoryFeedOptions) {
    this.next = next;
    this.#cursor = cursor;
    this.#view = view;
    this.#replayed = replayAfter;
    this.#at = view.start;
  }

  pending(client: HubClient, pass: Pass): number {
    return this.next.pending(client, pass);
  }

  serve(client: HubClient, pass: Pass): Extract<Served, "fell out" | "blocked" | "part"> | "over" {
    if (this.#cursor?.isLost) {
      client.tally.dropped += this.#cursor.skipLost(pass.log.tail);
      return "fell out";
    }
    if (client.outbox.isBusy) return "blocked";
    const { group } = client;
    const isReplaying = this.#replayed !== undefined;
    const chunk =
      this.#replayed === undefined
        ? pass.chunks.fromHistory(group, this.#at, { view: this.#view, maxChunkBytes: pass.maxChunkBytes })
        : pass.chunks.replay(group, this.#replayed, { end: this.#view.start, maxChunkBytes: pass.maxChunkBytes });
    client.tally.extraOffered += chunk.readings;
    client.send(chunk.frames, chunk.readings);
    if (isReplaying) this.#replayed = chunk.next < this.#view.start ? chunk.next : undefined;
    else this.#at = chunk.next;
    return this.#replayed === undefined && this.#at >= this.#view.end ? "over" : "part";
  }
}
