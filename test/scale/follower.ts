import WebSocket from "ws";
import { environmentWith } from "../../nodes/lib/client/environment";
import { Feed } from "../../nodes/lib/client/feed";
import type { FeedStatus } from "../../nodes/lib/client/feed-status";
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

/** How a client that lost its connection got another one; times in ms, one after the other. */
export interface Move {
  attempts: number;
  /** Why it had to look for another one, and why attempts were in vain. */
  reasons: string[];
  /** Until the attempt that succeeded: the client's own waiting, and attempts in vain. */
  waitedMs: number;
  /** Until the connection was open. */
  openedMs: number;
  /** Until it heard a reading. */
  heardMs: number;
  /** From the last reading on the old connection to the first on the new one: longer than the sum where nobody said that the old one was lost. */
  silentMs: number;
}

/** The client that the server gives to pages, and a record of what it is given. */
export class Follower {
  readonly feed: Feed;
  readonly topics = new Map<string, Followed>();
  /** Readings that are not the next of their sensor, in words; those skipped where the server had said so are none. */
  readonly complaints: string[] = [];
  received = 0;
  missed = 0;
  readonly moves: Move[] = [];
  #moving: (Move & { at: number }) | undefined;
  #mayJump = new Set<string>();
  #heardAt = 0;

  constructor(url: string, topics: readonly string[]) {
    this.feed = new Feed({ url, topics, mode: "stream" }, environmentWith(WebSocket as never));
    this.feed.on("reading", (reading) => this.#receive(reading));
    this.feed.on("missed", () => {
      this.missed++;
      this.#mayJump = new Set(this.topics.keys());
    });
    this.feed.on("state", (status) => this.#note(status));
  }

  /** How long it heard nothing, the longest time, from losing a connection to a reading on another one. */
  get longestSilenceMs(): number {
    return Math.max(0, ...this.moves.map(({ waitedMs, openedMs, heardMs }) => waitedMs + openedMs + heardMs));
  }

  close(): void {
    this.feed.close();
  }

  #note({ state, reason, status, code }: FeedStatus): void {
    const now = performance.now();
    if (state === "waiting") {
      this.#moving ??= { at: now, attempts: 0, reasons: [], waitedMs: 0, openedMs: 0, heardMs: 0, silentMs: 0 };
      this.#moving.reasons.push(`${reason} (${status ?? code}) at ${Math.round(now - this.#moving.at)} ms`);
    }
    if (this.#moving === undefined) return;
    if (state === "connecting") {
      this.#moving.attempts++;
      this.#moving.waitedMs = now - this.#moving.at;
    } else if (state === "open") this.#moving.openedMs = now - this.#moving.at - this.#moving.waitedMs;
  }

  #receive({ topic, payload, time }: Reading): void {
    this.received++;
    const now = performance.now();
    if (this.#moving !== undefined) {
      const { at, ...move } = this.#moving;
      this.moves.push({ ...move, heardMs: now - at - move.waitedMs - move.openedMs, silentMs: now - this.#heardAt });
      this.#moving = undefined;
    }
    this.#heardAt = now;
    const { number, seq } = payload as NumberedReading & { seq: string };
    const known = this.topics.get(topic);
    if (known === undefined) {
      this.topics.set(topic, { first: number, last: number, lastTime: time ?? 0, lastSeq: seq });
      return;
    }
    const isNext = number === known.last + 1;
    // After a move to another edge the newest of each topic comes first, as that edge knows it, which may be a little behind.
    const mayJump = this.#mayJump.delete(topic);
    if (!isNext && !mayJump) this.complaints.push(`${topic}: ${number} after ${known.last}`);
    known.last = number;
    known.lastTime = time ?? 0;
    known.lastSeq = seq;
  }
}
