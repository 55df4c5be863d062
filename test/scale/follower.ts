import WebSocket from "ws";
import { environmentWith } from "../../nodes/lib/client/environment";
import { Feed } from "../../nodes/lib/client/feed";
import type { Reading } from "../../nodes/lib/client/reading";

/** What the sensors of these tests say. */
export interface NumberedReading {
  readonly sensor: string;
  /** 1 for its first, one more for each. */
  readonly number: number;
}

export interface Followed {
  /** The numbers received, in order of their coming. */
  first: number;
  last: number;
  lastTime: number;
  lastSeq: string;
}

/** The client that the server gives to pages, and a record of what it is given. */
export class Follower {
  readonly feed: Feed;
  readonly topics = new Map<string, Followed>();
  /** Readings that are not the next of their sensor, in words; those skipped where the server had said so are none. */
  readonly complaints: string[] = [];
  received = 0;
  missed = 0;
  /** Until when it had its last connection, and how long it took to hear something again. */
  longestSilenceMs = 0;
  #lostAt: number | undefined;
  #mayJump = new Set<string>();

  constructor(url: string, topics: readonly string[]) {
    this.feed = new Feed({ url, topics, mode: "stream" }, environmentWith(WebSocket as never));
    this.feed.on("reading", (reading) => this.#receive(reading));
    this.feed.on("missed", () => {
      this.missed++;
      this.#mayJump = new Set(this.topics.keys());
    });
    this.feed.on("state", ({ state }) => {
      if (state === "waiting") this.#lostAt ??= performance.now();
    });
  }

  close(): void {
    this.feed.close();
  }

  #receive({ topic, payload, time }: Reading): void {
    this.received++;
    if (this.#lostAt !== undefined) {
      this.longestSilenceMs = Math.max(this.longestSilenceMs, performance.now() - this.#lostAt);
      this.#lostAt = undefined;
    }
    const { number, seq } = payload as NumberedReading & { seq: string };
    const known = this.topics.get(topic);
    if (known === undefined) {
      this.topics.set(topic, { first: number, last: number, lastTime: time ?? 0, lastSeq: seq });
      return;
    }
    const isNext = number === known.last + 1;
    // After a move to another edge the newest of each topic comes first, be it the one that it knows already.
    const mayJump = this.#mayJump.delete(topic) && number >= known.last;
    if (!isNext && !mayJump) this.complaints.push(`${topic}: ${number} after ${known.last}`);
    known.last = number;
    known.lastTime = time ?? 0;
    known.lastSeq = seq;
  }
}
