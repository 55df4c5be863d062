import type { Cause } from "./refusal";

/**
 * `connecting`: an attempt is under way. `open`: readings come. `waiting`: for the next attempt. `hidden`: nobody looks, as
 * `leaveHiddenAfter` has it. `refused`: the server does not want this client. `closed`: by `close()`.
 */
export type FeedState = "connecting" | "open" | "waiting" | "hidden" | "refused" | "closed";

/** How a feed stands, for people to read and for programs to act on. */
export interface FeedStatus {
  readonly state: FeedState;
  /** Why there is no connection, in words. */
  readonly reason?: string | undefined;
  /** Of the server's answer by HTTP, when it refused: 401 for a token, for instance. */
  readonly status?: number | undefined;
  /** Close code of the connection that ended. */
  readonly code?: number | undefined;
  /** When the next attempt follows, in milliseconds since 1970. */
  readonly retryAt?: number | undefined;
}

/** The server does not want this client, and would not want it the next time. `message` says why. */
export class FeedError extends Error {
  override readonly name = "FeedError";
  readonly code = "FEED_REFUSED";
  readonly status: number | undefined;
  readonly closeCode: number | undefined;

  constructor({ words, status, code }: Cause) {
    super(words);
    this.status = status;
    this.closeCode = code;
  }
}
