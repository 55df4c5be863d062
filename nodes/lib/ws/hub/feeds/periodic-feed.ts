import type { HubClient } from "../hub-client";
import type { Pass, Served } from "./feed";
import type { FreshnessWindow } from "./freshness-window";
import { writeMarked } from "./marked-write";
import { RestingTopics } from "./resting-topics";
import { UnsentTopics } from "./unsent-topics";

/** A client that asked for one reading each N ms is looked at no more often than so many times in N ms. */
const LOOKS_PER_PERIOD = 16;

/** At most one reading of each topic in so many ms: the newest, and always the last. */
export class PeriodicFeed {
  readonly kind = "periodic";
  /** Of a `latest` client. */
  readonly window: FreshnessWindow | undefined;
  /** When to serve the client again, after it was found "resting". */
  dueAt = 0;
  readonly #everyMs: number;
  readonly #unsent: UnsentTopics;
  readonly #resting: RestingTopics;
  #looksAgainAt = 0;

  /** @param from readings before this sequence number count as sent */
  constructor(from: number, everyMs: number, window: FreshnessWindow | undefined) {
    this.#everyMs = everyMs;
    this.#unsent = new UnsentTopics(from);
    this.#resting = new RestingTopics(everyMs);
    this.window = window;
  }

  get takesLong(): boolean {
    return this.#unsent.isUnseen;
  }

  pending(client: HubClient, pass: Pass): number {
    return this.#unsent.pending(client, pass);
  }

  serve(client: HubClient, pass: Pass): Exclude<Served, "idle" | "fell out"> {
    if (client.outbox.isBusy) return "blocked";
    const now = pass.now();
    if (now < this.#looksAgainAt) {
      this.dueAt = this.#looksAgainAt;
      return "resting";
    }
    this.#looksAgainAt = now + this.#everyMs / LOOKS_PER_PERIOD;
    this.#resting.release(now);
    const { window } = this;
    const room = window === undefined ? pass.maxChunkBytes : pass.limited(window.room);
    const mustFit = window !== undefined && !window.isEmpty;
    const isFull = this.#unsent.write(client, pass, { room, mustFit, resting: this.#resting });
    this.#resting.close(now);
    if (pass.writer.length > 0) this.#send(client, pass);
    if (isFull) return window === undefined ? "part" : "full";
    if (!this.#unsent.awaits(this.#resting)) return "sent";
    this.dueAt = this.#resting.dueAt;
    return "resting";
  }

  #send(client: HubClient, pass: Pass): void {
    const { window } = this;
    if (window === undefined) client.outbox.write(pass.writer.take());
    else writeMarked(client, window, pass);
  }
}
