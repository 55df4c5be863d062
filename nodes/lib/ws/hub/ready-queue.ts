import type { Clock } from "../../time/clock";
import type { HubClient } from "./hub-client";
import type { PacedWork, Step } from "./pacer";
import type { SubscriptionGroup } from "./subscription-group";

/** How long newcomers may make a pass. Then they rest for as long, while passes go on without them: others do not wait for them. */
const NEWCOMERS_MS = 4;

/**
 * A pass begins with this share of the clients that the one before came to last, so that none is always the last. A small share,
 * since all others wait for as much longer than a pass and its rest take.
 */
const TURN = 1 / 32;

export interface ReadyQueueOptions {
  readonly clock: Clock;
  beginPass(): void;
  /** Others had their turn meanwhile. */
  resumePass(): void;
  serve(client: HubClient): Step;
  endPass(): void;
  requestPass(): void;
  /** Told of an error of our own: it must not reach the event loop, where it would end the process. */
  onError(error: unknown, client: HubClient): void;
}

/**
 * Whom a pass visits, one client a step: those of the groups that have new readings, and those that asked for more
 * because their socket or their window has room again. Then the newcomers, whose steps are longer, since they look through
 * all topics or much of the log: as many as there is time for, in the order in which they came.
 */
export class ReadyQueue implements PacedWork {
  readonly #options: ReadyQueueOptions;
  /** For the next pass. */
  #touchedGroups: SubscriptionGroup[] = [];
  #queuedClients: HubClient[] = [];
  #newcomers: HubClient[] = [];
  /** Visits that the next pass would make if each reading had a pass of its own. */
  #visitsAlone = 0;
  /** Still to be visited by the running pass. */
  #groups: SubscriptionGroup[] = [];
  #clients: HubClient[] = [];
  #groupsLeft = 0;
  /** Of `#groups`, the one that is being visited. */
  #groupIndex = 0;
  /** Clients of that group that are still to be visited, and the index behind the next one; `undefined`: not begun. */
  #clientsLeft: number | undefined;
  #clientIndex = 0;
  #clientsAtStart = 0;
  /** Where the running pass begins in each list, as a share of it. */
  #turn = 0;
  /** Newcomers at the head of the queue that were visited. */
  #newcomersServed = 0;
  #newcomersSince: number | undefined;
  /** They rest until then, on the clock. */
  #newcomersFrom = 0;
  #cancelWake: (() => void) | undefined;

  constructor(options: ReadyQueueOptions) {
    this.#options = options;
  }

  /** A group has a new reading. */
  touch(group: SubscriptionGroup): void {
    this.#visitsAlone += group.clients.length;
    if (group.isTouched) return;
    group.isTouched = true;
    this.#touchedGroups.push(group);
    this.#options.requestPass();
  }

  /** A client may have something to receive although its group has no new reading. */
  queue(client: HubClient): void {
    if (client.isQueued || client.hasLeft) return;
    client.isQueued = true;
    this.#visitsAlone++;
    if (client.isNewcomer) this.#newcomers.push(client);
    else this.#queuedClients.push(client);
    this.#options.requestPass();
  }

  begin(): number {
    const visits = this.#visitsAlone;
    this.#visitsAlone = 0;
    this.#groups = this.#touchedGroups;
    this.#clients = this.#queuedClients;
    this.#touchedGroups = [];
    this.#queuedClients = [];
    this.#turn = (this.#turn + TURN) % 1;
    this.#groupsLeft = this.#groups.length;
    this.#groupIndex = Math.floor(this.#turn * this.#groupsLeft);
    this.#clientsLeft = undefined;
    this.#newcomersSince = undefined;
    for (const group of this.#groups) group.isTouched = false;
    this.#options.beginPass();
    return visits;
  }

  resume(): void {
    this.#options.resumePass();
  }

  step(): Step {
    const client = this.#nextClient() ?? this.#nextOfGroups();
    if (client !== undefined) return this.#serve(client);
    const newcomer = this.#nextNewcomer();
    if (newcomer !== undefined) {
      this.#serve(newcomer);
      return "aside";
    }
    this.#options.endPass();
    if (this.#newcomers.length > 0) this.#requestPassForNewcomers();
    return "done";
  }

  stop(): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
  }

  #requestPassForNewcomers(): void {
    const { clock, requestPass } = this.#options;
    this.#cancelWake ??= clock.timeout(
      () => {
        this.#cancelWake = undefined;
        requestPass();
      },
      Math.max(0, Math.ceil(this.#newcomersFrom - clock.now())),
    );
  }

  #serve(client: HubClient): Step {
    if (client.hasLeft) return "short";
    try {
      return this.#options.serve(client);
    } catch (error) {
      this.#options.onError(error, client);
      return "long";
    }
  }

  #nextClient(): HubClient | undefined {
    const client = this.#clients.pop();
    if (client !== undefined) client.isQueued = false;
    return client;
  }

  /**
   * Backwards from where this pass begins, round to there. A client that leaves is replaced by the last one of its group: that
   * one may be visited twice, or not at all, which is why the hub queues it.
   */
  #nextOfGroups(): HubClient | undefined {
    while (this.#groupsLeft > 0) {
      const { clients } = this.#groups[this.#groupIndex] as SubscriptionGroup;
      if (this.#clientsLeft === undefined) {
        this.#clientsLeft = this.#clientsAtStart = clients.length;
        this.#clientIndex = Math.floor(this.#turn * clients.length);
      }
      while (this.#clientsLeft > 0) {
        this.#clientsLeft--;
        // Who has joined meanwhile is queued.
        const end = Math.min(this.#clientsAtStart, clients.length);
        this.#clientIndex = (this.#clientIndex === 0 ? end : Math.min(this.#clientIndex, end)) - 1;
        const client = clients[this.#clientIndex];
        if (client === undefined) break;
        // A newcomer waits for its turn, which has to come.
        if (!client.isQueued || !client.isNewcomer) return client;
      }
      this.#nextGroup();
    }
    this.#groups = [];
    return undefined;
  }

  #nextGroup(): void {
    this.#groupsLeft--;
    this.#groupIndex = (this.#groupIndex === 0 ? this.#groups.length : this.#groupIndex) - 1;
    this.#clientsLeft = undefined;
  }

  #nextNewcomer(): HubClient | undefined {
    const now = this.#options.clock.now();
    if (now < this.#newcomersFrom) return undefined;
    this.#newcomersSince ??= now;
    const spentMs = now - this.#newcomersSince;
    const newcomer = spentMs < NEWCOMERS_MS ? this.#newcomers[this.#newcomersServed] : undefined;
    if (newcomer === undefined) {
      this.#newcomers.splice(0, this.#newcomersServed);
      this.#newcomersServed = 0;
      this.#newcomersFrom = now + spentMs;
      return undefined;
    }
    this.#newcomersServed++;
    newcomer.isQueued = false;
    return newcomer;
  }
}
