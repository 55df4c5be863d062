import type { Piece } from "../frames/chunk";
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
    if (chunk === undefined || chunk.next < pass.end) return "behind";
    const compressed = pass.compression.compressed(client, chunk, cursor.seq);
    const piece = compressed ?? chunk;
    if (piece.frames.length > window.room) return "behind";
    if (chunk.readings > 0) client.sendChunk(chunk, compressed, this.#noted(piece, pass));
    cursor.moveBehind(chunk);
    return "sent";
  }

  /** The frames of a piece, with a mark when the window wants one. */
  #noted(piece: Piece, pass: Pass): Buffer {
    const { window } = this;
    if (!window.wantsMark(piece.frames.length)) {
      window.wroteUnmarked(piece.frames.length);
      return piece.frames;
    }
    piece.marked ??= marked(piece.frames, pass.nextMark());
    window.wrote(piece.marked.frames.length, piece.marked.mark);
    return piece.marked.frames;
  }
}
