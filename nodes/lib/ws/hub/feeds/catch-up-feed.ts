import type { HubClient } from "../hub-client";
import type { Pass, Served } from "./feed";
import type { FreshnessWindow } from "./freshness-window";
import { writeMarked } from "./marked-write";
import { UnsentTopics } from "./unsent-topics";

/** The newest reading of each topic that the client was not sent, until there is none. */
export class CatchUpFeed {
  readonly kind = "catch-up";
  readonly window: FreshnessWindow;
  readonly #unsent: UnsentTopics;

  /** @param from readings before this sequence number count as sent */
  constructor(from: number, window: FreshnessWindow) {
    this.#unsent = new UnsentTopics(from);
    this.window = window;
  }

  get takesLong(): boolean {
    return this.#unsent.isUnseen;
  }

  pending(client: HubClient, pass: Pass): number {
    return this.#unsent.pending(client, pass);
  }

  serve(client: HubClient, pass: Pass): Extract<Served, "blocked" | "full" | "sent"> {
    if (client.outbox.isBusy) return "blocked";
    const { window } = this;
    // With no mark on its way no pong would make room: then a reading larger than all the room goes by itself.
    const isFull = this.#unsent.write(client, pass, { room: pass.limited(window.room), mustFit: !window.isEmpty });
    if (pass.writer.length > 0) writeMarked(client, window, pass);
    return isFull ? "full" : "sent";
  }
}
