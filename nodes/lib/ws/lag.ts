import type { Clock } from "../clock";
import type { HubClient } from "./hub-client";
import { TopicTurns } from "./topic-turns";

/** A `latest` client that is behind for longer than this is slow; before that it is a hiccup. */
const SLOW_AFTER_MS = 100;

export interface LagListener {
  /** Told once, until the client has recovered. */
  onSlow?(client: HubClient): void;
  onRecovered?(client: HubClient): void;
}

/** Who is behind, and for how long. */
export class Lag {
  constructor(
    private readonly clock: Clock,
    private readonly listener: LagListener,
  ) {}

  /** From now on a `latest` client gets the newest reading of each topic; one that stays behind is slow. */
  fellBehind(client: HubClient): void {
    if (client.window === undefined) return;
    client.turns ??= new TopicTurns(client.cursor, 0);
    if (client.subscription.every > 0) return;
    client.behindSince ??= this.clock.now();
    if (this.clock.now() - client.behindSince > SLOW_AFTER_MS) this.becameSlow(client);
  }

  becameSlow(client: HubClient): void {
    if (client.isSlow) return;
    client.isSlow = true;
    this.listener.onSlow?.(client);
  }

  caughtUp(client: HubClient): void {
    client.behindSince = undefined;
    if (!client.isSlow) return;
    client.isSlow = false;
    this.listener.onRecovered?.(client);
  }
}
