import type { HubClient } from "../hub-client";
import type { Pass, Served } from "./feed";
import type { LogCursor } from "./log-cursor";

/** Every reading, in order, as long as the log holds it. */
export class StreamFeed {
  readonly kind = "stream";
  readonly #cursor: LogCursor;

  constructor(cursor: LogCursor) {
    this.#cursor = cursor;
  }

  get takesLong(): boolean {
    return this.#cursor.isDeep;
  }

  pending(): number {
    return this.#cursor.pending;
  }

  serve(client: HubClient, pass: Pass): Served {
    const cursor = this.#cursor;
    if (cursor.isLost) {
      client.tally.dropped += cursor.skipLost(pass.log.tail);
      return "fell out";
    }
    if (client.outbox.isBusy) return "blocked";
    const chunk = pass.chunks.fromLog(cursor, pass);
    if (chunk === undefined) return "idle";
    client.sendChunk(chunk, pass.compression.compressed(client, chunk, cursor.seq));
    cursor.moveBehind(chunk);
    return chunk.next < pass.end ? "part" : "sent";
  }
}
