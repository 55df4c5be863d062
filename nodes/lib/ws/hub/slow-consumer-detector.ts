import type { Clock } from "../../time/clock";
import type { HubClient } from "./hub-client";
import { RoundRobin } from "./round-robin";

/** A `latest` client that is behind for longer than this is slow; before that it is a hiccup. */
const SLOW_AFTER_MS = 100;

export interface SlowConsumerListener {
  /** Told once, until the client has recovered. */
  onSlow?(client: HubClient): void;
  onRecovered?(client: HubClient): void;
}

/** Who is behind, and for how long. */
export class SlowConsumerDetector {
  constructor(
    private readonly clock: Clock,
    private readonly listener: SlowConsumerListener,
  ) {}

  /** From now on a `latest` client gets the newest reading of each topic; one that stays behind is slow. */
  fellBehind(client: HubClient): void {
    if (client.window === undefined) return;
    client.turns ??= new RoundRobin(client.cursor, 0);
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
