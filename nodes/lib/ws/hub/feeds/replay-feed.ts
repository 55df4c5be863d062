import type { HubClient } from "../hub-client";
import type { Pass, Served } from "./feed";
import type { LogCursor } from "./log-cursor";

/** First the newest reading of each topic as it was when the client joined; it goes on as a stream. */
export class ReplayFeed {
  readonly kind = "replay";
  readonly takesLong = true;
  /** Where the stream is to begin; the replay ends there. */
  readonly cursor: LogCursor;
  readonly #end: number;
  /** Newest readings up to this sequence number were sent. */
  #replayed: number;

  /** @param replayed readings up to this sequence number are not sent: they are too old */
  constructor(cursor: LogCursor, replayed = 0) {
    this.cursor = cursor;
    this.#replayed = replayed;
    this.#end = cursor.seq;
  }

  pending(): number {
    return this.cursor.pending;
  }

  serve(client: HubClient, pass: Pass): Extract<Served, "fell out" | "blocked" | "part"> | "over" {
    const { cursor } = this;
    if (cursor.isLost) {
      client.tally.dropped += cursor.skipLost(pass.log.tail);
      return "fell out";
    }
    if (client.outbox.isBusy) return "blocked";
    const chunk = pass.chunks.replay(cursor.group, this.#replayed, {
      end: this.#end,
      maxChunkBytes: pass.maxChunkBytes,
    });
    client.tally.extraOffered += chunk.readings;
    client.send(chunk.frames, chunk.readings);
    this.#replayed = chunk.next;
    return chunk.next < this.#end ? "part" : "over";
  }
}
