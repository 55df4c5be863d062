import type { HubClient } from "./hub-client";
import type { PacedWork } from "./pacer";
import type { SubscriptionGroup } from "./subscription-group";

export interface ReadyQueueOptions {
  beginPass(): void;
  serve(client: HubClient): void;
  endPass(): void;
  requestPass(): void;
  /** Told of an error of our own: it must not reach the event loop, where it would end the process. */
  onError(error: unknown): void;
}

/**
 * Whom a pass visits, one client a step: those of the groups that have new readings, and those that asked for more
 * because their socket or their window has room again.
 */
export class ReadyQueue implements PacedWork {
  readonly #options: ReadyQueueOptions;
  /** For the next pass. */
  #touchedGroups: SubscriptionGroup[] = [];
  #queuedClients: HubClient[] = [];
  /** Still to be visited by the running pass. */
  #groups: SubscriptionGroup[] = [];
  #clients: HubClient[] = [];
  /** Index behind the next client of the last of `#groups`. */
  #clientsLeft: number | undefined;

  constructor(options: ReadyQueueOptions) {
    this.#options = options;
  }

  /** A group has a new reading. */
  touch(group: SubscriptionGroup): void {
    if (group.isTouched) return;
    group.isTouched = true;
    this.#touchedGroups.push(group);
    this.#options.requestPass();
  }

  /** A client may have something to receive although its group has no new reading. */
  queue(client: HubClient): void {
    if (client.isQueued || client.hasLeft) return;
    client.isQueued = true;
    this.#queuedClients.push(client);
    this.#options.requestPass();
  }

  begin(): void {
    this.#options.beginPass();
    this.#groups = this.#touchedGroups;
    this.#clients = this.#queuedClients;
    this.#touchedGroups = [];
    this.#queuedClients = [];
    this.#clientsLeft = undefined;
    for (const group of this.#groups) group.isTouched = false;
  }

  step(): boolean {
    const client = this.#nextClient() ?? this.#nextOfGroups();
    if (client === undefined) {
      this.#options.endPass();
      return false;
    }
    try {
      if (!client.hasLeft) this.#options.serve(client);
    } catch (error) {
      this.#options.onError(error);
    }
    return true;
  }

  #nextClient(): HubClient | undefined {
    const client = this.#clients.pop();
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
