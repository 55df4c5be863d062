import type { HubClient, JoinPoint } from "../hub-client";
import type { Pass } from "./feed";
import type { LogCursor } from "./log-cursor";

/**
 * The client has named the reading that it goes on after, and its group does not know the position of that yet: older
 * readings are numbered first, some at a time.
 */
export class ResumeFeed {
  readonly kind = "resume";
  readonly takesLong = true;
  /** Where the client goes on if the log gives up what it asks for before that is found. */
  readonly live: LogCursor;
  readonly #seq: number;

  /** @param seq sequence number of the reading to go on with */
  constructor(seq: number, live: LogCursor) {
    this.#seq = seq;
    this.live = live;
  }

  pending(): number {
    return this.live.pending;
  }

  /** @returns where the client goes on once that is found; "missed": the log has given it up */
  serve({ group }: HubClient, { log }: Pass): JoinPoint | "part" | "missed" {
    if (this.#seq < log.tail) return "missed";
    if (!group.number(this.#seq)) return "part";
    return { seq: this.#seq, position: group.positionOf(this.#seq) };
  }
}
