import { MAX_CHUNK_BYTES } from "../frames/chunk-builder";
import type { HubClient } from "../hub-client";
import type { Pass, Served } from "./feed";
import { type FreshnessWindow, marked } from "./freshness-window";
import { RoundRobin } from "./round-robin";

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
  readonly #turns: RoundRobin;
  #restsUntil = 0;

  /** @param from readings before this sequence number count as sent */
  constructor(from: number, everyMs: number, window: FreshnessWindow | undefined) {
    this.#everyMs = everyMs;
    this.#turns = new RoundRobin(from, everyMs);
    this.window = window;
  }

  /** Linear in the number of topics. */
  pending(client: HubClient, { topics }: Pass): number {
    return this.#turns.pending(topics.inOrderOfCreation, client.group, client.joined.seq);
  }

  serve(client: HubClient, pass: Pass): Exclude<Served, "idle" | "fell out"> {
    if (client.outbox.isBusy) return "blocked";
    const now = pass.now();
    if (now < this.#restsUntil) {
      this.dueAt = this.#restsUntil;
      return "resting";
    }
    this.#restsUntil = now + this.#everyMs / LOOKS_PER_PERIOD;
    const { window } = this;
    const room = window?.room ?? MAX_CHUNK_BYTES;
    const { isFull, dueAt } = this.#turns.write(client, pass, {
      room,
      mustFit: window !== undefined && !window.isEmpty,
    });
    if (pass.writer.length > 0) this.#send(client, pass);
    if (isFull) return window === undefined ? "part" : "full";
    this.dueAt = dueAt;
    return dueAt < Number.POSITIVE_INFINITY ? "resting" : "sent";
  }

  #send(client: HubClient, pass: Pass): void {
    const { window } = this;
    const frames = pass.writer.take();
    if (window === undefined) {
      client.outbox.write(frames);
      return;
    }
    const written = marked(frames, pass.nextMark());
    window.wrote(written.frames.length, written.mark);
    client.outbox.write(written.frames);
  }
}
