import type { HubClient } from "../hub-client";
import type { Pass, Served } from "./feed";
import { type FreshnessWindow, marked } from "./freshness-window";
import { RoundRobin } from "./round-robin";

/** The newest reading of each topic that the client was not sent, until there is none. */
export class CatchUpFeed {
  readonly kind = "catch-up";
  readonly window: FreshnessWindow;
  readonly #turns: RoundRobin;

  /** @param from readings before this sequence number count as sent */
  constructor(from: number, window: FreshnessWindow) {
    this.#turns = new RoundRobin(from, 0);
    this.window = window;
  }

  /** Linear in the number of topics. */
  pending(client: HubClient, { topics }: Pass): number {
    return this.#turns.pending(topics.inOrderOfCreation, client.group, client.joined.seq);
  }

  serve(client: HubClient, pass: Pass): Extract<Served, "blocked" | "full" | "sent"> {
    if (client.outbox.isBusy) return "blocked";
    const { window } = this;
    // With no mark on its way no pong would make room: then a reading larger than all the room goes by itself.
    const mustFit = !window.isEmpty;
    const { isFull } = this.#turns.write(client, pass, { room: window.room, mustFit });
    if (pass.writer.length > 0) {
      const { frames, mark } = marked(pass.writer.take(), pass.nextMark());
      window.wrote(frames.length, mark);
      client.outbox.write(frames);
    }
    return isFull ? "full" : "sent";
  }
}
