import type { Channel } from "./channel";
import type { HubClient } from "./hub-client";
import type { PacedWork } from "./pacer";

/** Serves one client after the other. */
export interface Service {
  /** @param end the pass covers the readings before this sequence number */
  beginPass(end: number): void;
  serve(client: HubClient): void;
  endPass(): void;
}

export interface FanOutOptions {
  /** Sequence number of the next reading. */
  head(): number;
  requestPass(): void;
  /** Told of an error of our own: it must not reach the event loop, where it would end the process. */
  onError(error: unknown): void;
}

/**
 * Whom a pass visits, one client a step: those of the channels that have new readings, and those that asked for more
 * because their socket or their window has room again.
 */
export class FanOut implements PacedWork {
  #dirty: Channel[] = [];
  #queue: HubClient[] = [];
  /** Still to be visited by the running pass. */
  #channels: Channel[] = [];
  #queued: HubClient[] = [];
  /** Index behind the next client of the last of `#channels`. */
  #clientsLeft: number | undefined;

  constructor(
    private readonly service: Service,
    private readonly options: FanOutOptions,
  ) {}

  /** A channel has a new reading. */
  touch(channel: Channel): void {
    if (channel.isDirty) return;
    channel.isDirty = true;
    this.#dirty.push(channel);
    this.options.requestPass();
  }

  /** A client may have something to receive although its channel has no new reading. */
  queue(client: HubClient): void {
    if (client.isQueued || client.hasLeft) return;
    client.isQueued = true;
    this.#queue.push(client);
    this.options.requestPass();
  }

  begin(): void {
    this.service.beginPass(this.options.head());
    this.#channels = this.#dirty;
    this.#queued = this.#queue;
    this.#dirty = [];
    this.#queue = [];
    this.#clientsLeft = undefined;
    for (const channel of this.#channels) channel.isDirty = false;
  }

  step(): boolean {
    const client = this.#nextQueued() ?? this.#nextOfChannels();
    if (client === undefined) {
      this.service.endPass();
      return false;
    }
    try {
      if (!client.hasLeft) this.service.serve(client);
    } catch (error) {
      this.options.onError(error);
    }
    return true;
  }

  #nextQueued(): HubClient | undefined {
    const client = this.#queued.pop();
    if (client !== undefined) client.isQueued = false;
    return client;
  }

  /** From the end of each channel: a client that leaves is replaced by the last one, which then was visited already. */
  #nextOfChannels(): HubClient | undefined {
    for (let channel = this.#channels.at(-1); channel !== undefined; channel = this.#channels.at(-1)) {
      const index = Math.min(this.#clientsLeft ?? channel.clients.length, channel.clients.length) - 1;
      this.#clientsLeft = index;
      const client = channel.clients[index];
      if (client !== undefined) return client;
      this.#channels.pop();
      this.#clientsLeft = undefined;
    }
    return undefined;
  }
}
