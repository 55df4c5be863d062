import { Backoff } from "../../net/backoff";
import { isIPv6 } from "../../net/ip-address";
import type { Clock } from "../../time/clock";
import type { MulticastInterface } from "./listen-address";
import { parseGroup } from "./multicast-group";

/** The part of a `dgram.Socket` that joins and leaves. */
export interface GroupSocket {
  addMembership(group: string, multicastInterface?: string): void;
  dropMembership(group: string, multicastInterface?: string): void;
  addSourceSpecificMembership(source: string, group: string, multicastInterface?: string): void;
  dropSourceSpecificMembership(source: string, group: string, multicastInterface?: string): void;
}

/** What memberships need of their owner. */
export interface MembershipPort {
  readonly clock: Clock;
  /** Looks up where to join at this moment; may throw. */
  multicastInterface(): MulticastInterface;
  /** Told of every failed attempt. */
  failed(group: string, error: unknown): void;
  /** All groups are joined, after some were not. */
  recovered(): void;
}

/** Well below the 125 s between two queries of IGMP (RFC 3376, section 8.2), after a few of which a switch forgets. */
const REJOIN_INTERVAL_MS = 60_000;

/**
 * The multicast groups of one bound socket. A group is joined once however many want it, since the kernel refuses
 * a second time, and left on the interface it was joined on. One that cannot be joined is retried.
 *
 * All are joined anew each minute. That makes the system report them, also where nobody asks: a switch that listens in
 * on IGMP, in a network without a querier, would stop forwarding. And it finds out whether an interface was gone, with
 * which memberships vanish without a word.
 */
export class Memberships {
  readonly #users = new Map<string, number>();
  /** By group, the interface it was joined on. */
  readonly #joined = new Map<string, string | undefined>();
  readonly #backoff = new Backoff();
  #cancelRetry: (() => void) | undefined;
  #cancelRejoin: (() => void) | undefined;

  readonly #socket: GroupSocket;
  readonly #port: MembershipPort;

  constructor(socket: GroupSocket, port: MembershipPort) {
    this.#socket = socket;
    this.#port = port;
  }

  add(groups: readonly string[]): void {
    for (const group of groups) this.#users.set(group, (this.#users.get(group) ?? 0) + 1);
    if (this.#users.size === 0) return;
    this.#joinMissing();
    this.#cancelRejoin ??= this.#port.clock.timeout(() => this.#rejoin(), REJOIN_INTERVAL_MS);
  }

  remove(groups: readonly string[]): void {
    for (const group of groups) {
      const users = (this.#users.get(group) ?? 0) - 1;
      if (users > 0) this.#users.set(group, users);
      else this.#forget(group);
    }
    if (this.#users.size === 0) this.stop();
  }

  /** The kernel leaves the groups when the socket closes. */
  stop(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#cancelRejoin?.();
    this.#cancelRejoin = undefined;
  }

  #rejoin(): void {
    for (const group of [...this.#joined.keys()]) this.#leave(group);
    this.#joinMissing();
    this.#cancelRejoin = this.#port.clock.timeout(() => this.#rejoin(), REJOIN_INTERVAL_MS);
  }

  #joinMissing(): void {
    const retrying = this.#cancelRetry !== undefined;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    for (const group of this.#users.keys()) {
      if (!this.#joined.has(group)) this.#join(group);
    }
    if (this.#joined.size < this.#users.size) {
      this.#cancelRetry = this.#port.clock.timeout(() => this.#joinMissing(), this.#backoff.next());
      return;
    }
    this.#backoff.reset();
    if (retrying) this.#port.recovered();
  }

  #join(group: string): void {
    const { address, source } = parseGroup(group);
    let on: string | undefined;
    try {
      const { ipv4, ipv6 } = this.#port.multicastInterface();
      on = isIPv6(address) ? ipv6 : ipv4;
      if (source === undefined) this.#socket.addMembership(address, on);
      else this.#socket.addSourceSpecificMembership(source, address, on);
      this.#joined.set(group, on);
    } catch (error) {
      // The same interface by another address, so it could not be left.
      if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") this.#joined.set(group, on);
      else this.#port.failed(group, error);
    }
  }

  #forget(group: string): void {
    this.#users.delete(group);
    if (this.#joined.has(group)) this.#leave(group);
  }

  #leave(group: string): void {
    const { address, source } = parseGroup(group);
    const on = this.#joined.get(group);
    this.#joined.delete(group);
    try {
      if (source === undefined) this.#socket.dropMembership(address, on);
      else this.#socket.dropSourceSpecificMembership(source, address, on);
    } catch {
      // The interface is gone, and the membership with it.
    }
  }
}
