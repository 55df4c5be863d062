import type { Clock } from "../../time/clock";
import type { Served } from "./feeds/feed";
import type { HubClient } from "./hub-client";

/** A `latest` client that is behind for longer than this is slow; before that it is a hiccup. */
const SLOW_AFTER_MS = 100;

export interface SlowConsumerListener {
  /** Told once, until the client has recovered. */
  onSlow?(client: HubClient): void;
  onRecovered?(client: HubClient): void;
}

/** What the detector knows of one client that is behind. */
export class ConsumerState {
  /** When it fell behind, while it is; on the hub's clock. */
  behindSince: number | undefined;
  isSlow = false;
}

/** Who is behind for too long. Its listener may have the client leave. */
export class SlowConsumerDetector {
  readonly #clock: Clock;
  readonly #listener: SlowConsumerListener;

  constructor(clock: Clock, listener: SlowConsumerListener) {
    this.#clock = clock;
    this.#listener = listener;
  }

  /** Takes note of what serving a client came to. */
  note(client: HubClient, served: Served): void {
    if (served === "sent") this.#caughtUp(client);
    else if (served === "fell out") this.#becameSlow(client);
    else if ((served === "blocked" || served === "full") && client.feed.kind === "catch-up") this.#isBehind(client);
  }

  #isBehind(client: HubClient): void {
    const now = this.#clock.now();
    const consumer = stateOf(client);
    consumer.behindSince ??= now;
    if (now - consumer.behindSince > SLOW_AFTER_MS) this.#becameSlow(client);
  }

  #becameSlow(client: HubClient): void {
    const consumer = stateOf(client);
    if (consumer.isSlow) return;
    consumer.isSlow = true;
    this.#listener.onSlow?.(client);
  }

  #caughtUp(client: HubClient): void {
    const { consumer } = client;
    if (consumer === undefined) return;
    client.consumer = undefined;
    if (consumer.isSlow) this.#listener.onRecovered?.(client);
  }
}

function stateOf(client: HubClient): ConsumerState {
  client.consumer ??= new ConsumerState();
  return client.consumer;
}
