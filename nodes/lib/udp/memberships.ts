import type { Clock } from "../clock";
import { Backoff } from "./backoff";

/** The part of a `dgram.Socket` that joins and leaves. */
export interface GroupSocket {
  addMembership(group: string, multicastInterface?: string): void;
  dropMembership(group: string, multicastInterface?: string): void;
}

export interface MembershipEvents {
  /** Told of every failed attempt. */
  failed(group: string, error: unknown): void;
  /** All groups are joined, after some were not. */
  recovered(): void;
}

/**
 * The multicast groups of one bound socket. A group is joined once however many want it, since the kernel refuses
 * a second time, and left on the interface it was joined on. One that cannot be joined is retried.
 */
export class Memberships {
  readonly #users = new Map<string, number>();
  readonly #joined = new Set<string>();
  readonly #backoff = new Backoff();
  #cancelRetry: (() => void) | undefined;

  constructor(
    private readonly socket: GroupSocket,
    private readonly multicastInterface: string | undefined,
    private readonly clock: Clock,
    private readonly events: MembershipEvents,
  ) {}

  add(groups: readonly string[]): void {
    for (const group of groups) this.#users.set(group, (this.#users.get(group) ?? 0) + 1);
    this.#joinMissing();
  }

  remove(groups: readonly string[]): void {
    for (const group of groups) {
      const users = (this.#users.get(group) ?? 0) - 1;
      if (users > 0) this.#users.set(group, users);
      else this.#leave(group);
    }
  }

  /** The kernel leaves the groups when the socket closes. */
  stop(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
  }

  #joinMissing(): void {
    const retrying = this.#cancelRetry !== undefined;
    this.stop();
    for (const group of this.#users.keys()) {
      if (!this.#joined.has(group)) this.#join(group);
    }
    if (this.#joined.size < this.#users.size) {
      this.#cancelRetry = this.clock.timeout(() => this.#joinMissing(), this.#backoff.next());
      return;
    }
    this.#backoff.reset();
    if (retrying) this.events.recovered();
  }

  #join(group: string): void {
    try {
      this.socket.addMembership(group, this.multicastInterface);
      this.#joined.add(group);
    } catch (error) {
      this.events.failed(group, error);
    }
  }

  #leave(group: string): void {
    this.#users.delete(group);
    if (!this.#joined.delete(group)) return;
    try {
      this.socket.dropMembership(group, this.multicastInterface);
    } catch (error) {
      // The interface is gone, and the membership with it.
      this.events.failed(group, error);
    }
  }
}
