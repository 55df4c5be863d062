import type { HubClient } from "./hub-client";
import type { PacedWork } from "./pacer";
import type { SubscriptionGroup } from "./subscription-group";

/** Serves one client after the other. */
export interface Service {
  /** @param end the pass covers the readings before this sequence number */
  beginPass(end: number): void;
  serve(client: HubClient): void;
  endPass(): void;
}

export interface ReadyQueueOptions {
  /** Sequence number of the next reading. */
  head(): number;
  requestPass(): void;
  /** Told of an error of our own: it must not reach the event loop, where it would end the process. */
  onError(error: unknown): void;
}

/**
 * Whom a pass visits, one client a step: those of the groups that have new readings, and those that asked for more
 * because their socket or their window has room again.
 */
export class ReadyQueue implements PacedWork {
  #dirty: SubscriptionGroup[] = [];
  #queue: HubClient[] = [];
  /** Still to be visited by the running pass. */
  #groups: SubscriptionGroup[] = [];
  #queued: HubClient[] = [];
  /** Index behind the next client of the last of `#groups`. */
  #clientsLeft: number | undefined;

  constructor(
    private readonly service: Service,
    private readonly options: ReadyQueueOptions,
  ) {}

  /** A group has a new reading. */
  touch(group: SubscriptionGroup): void {
    if (group.isDirty) return;
    group.isDirty = true;
    this.#dirty.push(group);
    this.options.requestPass();
  }

  /** A client may have something to receive although its group has no new reading. */
  queue(client: HubClient): void {
    if (client.isQueued || client.hasLeft) return;
    client.isQueued = true;
    this.#queue.push(client);
    this.options.requestPass();
  }

  begin(): void {
    this.service.beginPass(this.options.head());
    this.#groups = this.#dirty;
    this.#queued = this.#queue;
    this.#dirty = [];
    this.#queue = [];
    this.#clientsLeft = undefined;
    for (const group of this.#groups) group.isDirty = false;
  }

  step(): boolean {
    const client = this.#nextQueued() ?? this.#nextOfGroups();
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

  /** From the end of each group: a client that leaves is replaced by the last one, which then was visited already. */
  #nextOfGroups(): HubClient | undefined {
    for (let group = this.#groups.at(-1); group !== undefined; group = this.#groups.at(-1)) {
      const index = Math.min(this.#clientsLeft ?? group.clients.length, group.clients.length) - 1;
      this.#clientsLeft = index;
      const client = group.clients[index];
      if (client !== undefined) return client;
      this.#groups.pop();
      this.#clientsLeft = undefined;
    }
    return undefined;
  }
}
