import type { Counts } from "../hub/counts";
import type { Hub } from "../hub/hub";
import type { HubClient } from "../hub/hub-client";
import type { PublishOptions, TargetedMessage } from "../hub/hub-options";
import type { Subscription } from "../hub/subscription";
import type { CloseReason } from "./close-reasons";
import type { Connection } from "./connection";
import type { Progress, ServedClient } from "./served-client";

/** Of other feeds, pending readings are counted topic by topic. */
const COUNTED_FEEDS: ReadonlySet<string> = new Set(["stream", "latest", "replay"]);

export interface LocalClientParts {
  readonly connection: Connection;
  readonly hubClient: HubClient;
  readonly hub: Hub;
}

/** A client that is served in this process: its WebSocket, and its place in the hub. */
export class LocalClient implements ServedClient {
  readonly connection: Connection;
  readonly hubClient: HubClient;
  readonly isUnknown = false;
  readonly #hub: Hub;

  constructor({ connection, hubClient, hub }: LocalClientParts) {
    this.connection = connection;
    this.hubClient = hubClient;
    this.#hub = hub;
  }

  get id(): string {
    return this.connection.id;
  }

  get address(): string {
    return this.connection.address;
  }

  get since(): number {
    return this.connection.since;
  }

  get hasLeft(): boolean {
    return this.hubClient.hasLeft;
  }

  get ignored(): number {
    return this.connection.ignored;
  }

  get subscription(): Subscription {
    return this.hubClient.subscription;
  }

  counts(): Counts {
    return this.#hub.countsOf(this.hubClient);
  }

  progress(): Progress {
    const { feed, group, joined, sink, tally } = this.hubClient;
    const { delivered, dropped } = tally;
    const pending = COUNTED_FEEDS.has(feed.kind) ? this.counts().pending : null;
    const { offered } = tally.counts(group.head - joined.position, 0);
    const conflated = offered - delivered - dropped - (pending ?? 0);
    return { delivered, dropped, conflated, pending, waitingBytes: sink.writableLength };
  }

  sendTo(message: TargetedMessage, options: PublishOptions): boolean {
    return this.#hub.sendTo(this.hubClient, message, options);
  }

  close(reason: CloseReason): void {
    this.#hub.leave(this.hubClient);
    this.connection.close(reason);
  }
}
