import type { Chunk } from "../frames/chunk";
import type { HubClient } from "../hub-client";
import type { Pass, Served } from "./feed";
import { type FreshnessWindow, marked } from "./freshness-window";
import type { LogCursor } from "./log-cursor";

/** Every reading, as long as the client keeps up. */
export class LatestFeed {
  readonly kind = "latest";
  readonly takesLong = false;
  readonly window: FreshnessWindow;
  readonly #cursor: LogCursor;

  constructor(cursor: LogCursor, window: FreshnessWindow) {
    this.#cursor = cursor;
    this.window = window;
  }

  /** Sequence number up to which, exclusively, everything was sent. */
  get sentUpTo(): number {
    return this.#cursor.seq;
  }

  pending(): number {
    return this.#cursor.pending;
  }

  serve(client: HubClient, pass: Pass): Extract<Served, "idle" | "blocked" | "sent"> | "behind" {
    const cursor = this.#cursor;
    const { window } = this;
    if (cursor.isLost) return "behind";
    if (client.outbox.isBusy) return cursor.seq < pass.end ? "behind" : "blocked";
    cursor.leaveEvicted(pass.log.tail);
    if (cursor.seq >= pass.end) return "idle";
    const chunk = window.room > 0 ? pass.chunks.fromLog(cursor, pass) : undefined;
    if (chunk === undefined || chunk.next < pass.end || chunk.frames.length > window.room) return "behind";
    if (chunk.readings > 0) client.send(this.#noted(chunk, pass), chunk.readings);
    cursor.moveBehind(chunk);
    return "sent";
  }

  /** The frames of a chunk, with a mark when the window wants one. */
  #noted(chunk: Chunk, pass: Pass): Buffer {
    const { window } = this;
    if (!window.wantsMark(chunk.frames.length)) {
      window.wroteUnmarked(chunk.frames.length);
      return chunk.frames;
    }
    chunk.marked ??= marked(chunk.frames, pass.nextMark());
    window.wrote(chunk.marked.frames.length, chunk.marked.mark);
    return chunk.marked.frames;
  }
}
