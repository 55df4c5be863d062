import type { LoopClock } from "../../time/loop-clock";
import type { Counts } from "../hub/counts";
import type { FrameSink } from "../hub/frame-sink";
import { PING } from "../hub/frames/frames";
import { Hub } from "../hub/hub";
import type { HubClient } from "../hub/hub-client";
import type { HubOptions } from "../hub/hub-options";
import type { Topic } from "../hub/log/topic";
import type { Subscription } from "../hub/subscription";
import { type CloseReason, DATA_NOT_ACCEPTED, INTERNAL_ERROR, TOO_SLOW } from "./close-reasons";
import { Connection, type ConnectionListener, type ConnectionParts } from "./connection";
import { Heartbeat } from "./heartbeat";
import { LocalClient } from "./local-client";
import type { ClientHost, ClientsListener } from "./served-client";

export interface LocalClientsOptions
  extends Pick<HubOptions, "slow" | "maxAge" | "logBytes" | "history" | "expire" | "epoch" | "onPass"> {
  /** Seconds between pings. */
  readonly heartbeat: number;
}

/** Clients that a hub of this process serves. */
export class LocalClients implements ClientHost {
  readonly hub: Hub;
  readonly #clients = new Map<FrameSink, LocalClient>();
  readonly #heartbeat: Heartbeat;
  readonly #listener: ClientsListener;
  readonly #clock: LoopClock;
  readonly #connectionListener: ConnectionListener = {
    textIgnored: () => {
      this.#ignored++;
    },
    tooMuchReceived: (connection) => this.#close(connection, DATA_NOT_ACCEPTED),
    ponged: (connection, data) => {
      const client = this.#clients.get(connection);
      if (client !== undefined) this.hub.pong(client.hubClient, data);
    },
    pingFor: (connection) => {
      const client = this.#clients.get(connection);
      return client === undefined ? PING : this.hub.pingFor(client.hubClient);
    },
    closed: (connection, code, reason) => this.#left(connection, code, reason),
  };
  #ignored = 0;

  constructor({ heartbeat, ...options }: LocalClientsOptions, listener: ClientsListener, clock: LoopClock) {
    this.#listener = listener;
    this.#clock = clock;
    this.#heartbeat = new Heartbeat(heartbeat * 1000, clock);
    this.hub = new Hub({
      ...options,
      clock,
      onError: (error) => listener.failed(error),
      onSlow: (client) => this.#tell("slow", client),
      onRecovered: (client) => this.#tell("recovered", client),
      onTooSlow: ({ sink }) => this.#close(sink, TOO_SLOW),
      onFailed: ({ sink }) => this.#close(sink, INTERNAL_ERROR),
      onStalled: (client) => {
        this.hub.leave(client);
        this.#clients.get(client.sink)?.connection.cutOff(TOO_SLOW);
      },
    });
  }

  get ignored(): number {
    return this.#ignored;
  }

  join(parts: ConnectionParts, subscription: Subscription): LocalClient {
    const connection = new Connection(parts, this.#connectionListener, this.#clock);
    const hubClient = this.hub.join(connection, subscription);
    const client = new LocalClient({ connection, hubClient, hub: this.hub });
    this.#heartbeat.add(connection);
    this.#clients.set(connection, client);
    return client;
  }

  all(): Iterable<LocalClient> {
    return this.#clients.values();
  }

  counts(): Counts {
    return this.hub.counts();
  }

  get departed(): Counts {
    return this.hub.departed;
  }

  audienceOf(topic: Topic): number {
    return this.hub.audienceOf(topic);
  }

  refresh(): undefined {}

  close(): void {
    this.#heartbeat.stop();
    this.hub.close();
  }

  #close(sink: FrameSink, reason: CloseReason): void {
    this.#clients.get(sink)?.close(reason);
  }

  #left(connection: Connection, code: number, reason: string): void {
    const client = this.#clients.get(connection);
    if (client === undefined) return;
    this.#clients.delete(connection);
    this.#heartbeat.remove(connection);
    this.hub.closed(client.hubClient);
    this.#listener.left(client, code, reason);
  }

  #tell(what: "slow" | "recovered", { sink }: HubClient): void {
    const client = this.#clients.get(sink);
    if (client !== undefined) this.#listener[what](client);
  }
}
