import type { RemoteInfo } from "node:dgram";
import { Backoff } from "../../net/backoff";
import { plainAddress } from "../../net/ip-address";
import { describeEndpoint, type Endpoint, type ResolvedEndpoint, resolveEndpoint } from "./bind-address";
import { KernelDrops } from "./kernel-drops";
import { Memberships } from "./memberships";
import { groupBindAddress } from "./multicast-group";
import { growReceiveBuffer } from "./receive-buffer";
import type { DatagramSocket, SocketEnvironment } from "./socket-environment";
import { type SocketFailure, socketFailure } from "./socket-failure";
import type { SocketRequest, SocketSubscriber } from "./socket-lease";

/** Set from the start of a bind to the close. */
interface Attempt {
  readonly socket: DatagramSocket;
  readonly memberships: Memberships;
  /** Set once bound. */
  bound: Bound | undefined;
}

interface Bound {
  readonly drops: KernelDrops;
  /** Bytes of SO_RCVBUF. */
  asked: number;
  granted: number;
}

/** One endpoint's socket, bound for as long as it has holders, and bound again after any failure. */
export class SharedSocket {
  readonly #holders = new Map<SocketSubscriber, SocketRequest>();
  readonly #backoff = new Backoff();
  /** The multicast group to bind to. */
  #group: string | undefined;
  #attempt: Attempt | undefined;
  #failure: SocketFailure | undefined;
  #cancelRetry: (() => void) | undefined;
  /** Resolves once the socket that was given up last is closed. */
  #released: Promise<void> = Promise.resolve();
  #dropsBefore: number | undefined;
  #isShared = false;
  #started = false;
  #closed = false;

  /** @param group to bind to, unless the system refuses that; `undefined`: bind as the endpoint says */
  constructor(
    readonly endpoint: Endpoint,
    group: string | undefined,
    private readonly environment: SocketEnvironment,
  ) {
    this.#group = group;
  }

  /** Whether other sockets may have the port, too. Only where groups are joined, as is usual for multicast. */
  get isShared(): boolean {
    return this.#isShared;
  }

  start(): void {
    this.#started = true;
    this.#open();
  }

  /** Lets other sockets have the port from now on. Resolves once they can; this one opens again by itself. */
  share(): Promise<void> {
    if (this.#isShared) return this.#released;
    this.#isShared = true;
    return this.#started ? this.#reopen() : this.#released;
  }

  add(holder: SocketSubscriber, request: SocketRequest): void {
    const wasMulticast = this.#multicast;
    this.#holders.set(holder, request);
    if (!this.#started) return;
    if (this.#multicast !== wasMulticast) void this.#reopen();
    else if (this.#attempt?.bound !== undefined) this.#admitLate(holder, request, this.#attempt);
    else if (this.#failure !== undefined) holder.failed(this.#failure);
  }

  /** @returns how many holders are left */
  remove(holder: SocketSubscriber): number {
    const request = this.#holders.get(holder);
    this.#holders.delete(holder);
    if (request !== undefined && this.#attempt?.bound !== undefined && this.#holders.size > 0) {
      this.#attempt.memberships.remove(request.groups);
    }
    return this.#holders.size;
  }

  /** Resolves once the port is free. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#abandon();
  }

  /** Datagrams that the kernel dropped, on this endpoint; `undefined`: not known. */
  kernelDrops(maxAgeMs?: number): number | undefined {
    const drops = this.#attempt?.bound?.drops.count(maxAgeMs);
    return drops === undefined ? this.#dropsBefore : drops + (this.#dropsBefore ?? 0);
  }

  get #multicast(): boolean {
    for (const { groups } of this.#holders.values()) if (groups.length > 0) return true;
    return false;
  }

  /** A socket bound to an address of the machine gets nothing that is sent to a group. */
  #bindAddress({ bindAddress, multicastInterface }: ResolvedEndpoint): string | undefined {
    if (!this.#multicast) return bindAddress;
    if (this.#group === undefined) return undefined;
    return groupBindAddress(this.#group, this.endpoint.family === "udp4", multicastInterface.ipv6);
  }

  #reopen(ipv6Only = false): Promise<void> {
    const released = this.#abandon();
    void released.then(() => this.#open(ipv6Only));
    return released;
  }

  #open(ipv6Only = false): void {
    if (this.#closed || this.#attempt !== undefined) return;
    const { port, family } = this.endpoint;
    const { clock, networkInterfaces, open } = this.environment;
    try {
      const address = this.#bindAddress(resolveEndpoint(this.endpoint, networkInterfaces));
      const socket = open({ type: family === "udp4" ? "udp4" : "udp6", reuseAddr: this.#isShared, ipv6Only });
      const joinOn = () => resolveEndpoint(this.endpoint, networkInterfaces).multicastInterface;
      const memberships = new Memberships(socket, joinOn, clock, {
        failed: (group, error) => this.#groupFailed(group, error),
        recovered: () => this.#groupsRecovered(),
      });
      const attempt: Attempt = { socket, memberships, bound: undefined };
      this.#attempt = attempt;
      socket.on("message", (bytes, remote) => this.#deliver(bytes, remote));
      socket.on("listening", () => this.#listening(attempt));
      socket.on("error", (error) => {
        if (this.#attempt === attempt) this.#onError(error, address, ipv6Only);
      });
      socket.bind({ port, exclusive: true, ...(address === undefined ? {} : { address }) });
    } catch (error) {
      this.#fail(error);
    }
  }

  #onError(error: Error, address: string | undefined, ipv6Only: boolean): void {
    const isTaken = "code" in error && error.code === "EADDRINUSE";
    if (isTaken && address === undefined && this.endpoint.family === "udp6" && !ipv6Only) {
      void this.#reopen(true);
    } else if (!isTaken && this.#group !== undefined && this.#attempt?.bound === undefined) {
      // This system does not let a socket be bound to that group, so it gets what is sent to other groups as well.
      this.#group = undefined;
      void this.#reopen();
    } else {
      this.#fail(error);
    }
  }

  #listening(attempt: Attempt): void {
    if (this.#attempt !== attempt) return;
    const { tables, clock } = this.environment;
    try {
      const drops = new KernelDrops(attempt.socket.address(), tables, clock);
      const asked = Math.max(...Array.from(this.#holders.values(), (request) => request.receiveBuffer));
      attempt.bound = { drops, asked, granted: growReceiveBuffer(attempt.socket, asked) };
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#failure = undefined;
    this.#backoff.reset();
    for (const [holder, request] of this.#holders) this.#admit(holder, request, attempt);
  }

  #admit(holder: SocketSubscriber, { groups }: SocketRequest, { memberships, bound }: Attempt): void {
    if (bound === undefined) return;
    holder.bound({ granted: bound.granted });
    memberships.add(groups);
  }

  #admitLate(holder: SocketSubscriber, request: SocketRequest, attempt: Attempt): void {
    const { socket, bound } = attempt;
    try {
      if (bound !== undefined && request.receiveBuffer > bound.asked) {
        bound.asked = request.receiveBuffer;
        bound.granted = growReceiveBuffer(socket, bound.asked);
      }
      this.#admit(holder, request, attempt);
    } catch (error) {
      this.#fail(error);
    }
  }

  #deliver(bytes: Buffer, remote: RemoteInfo): void {
    const sender = { address: plainAddress(remote.address, "keep"), port: remote.port };
    let others = this.#holders.size;
    for (const holder of this.#holders.keys()) holder.datagram(--others > 0 ? Buffer.from(bytes) : bytes, sender);
  }

  #fail(error: unknown): void {
    const failure = socketFailure(error, describeEndpoint(this.endpoint));
    this.#failure = failure;
    void this.#abandon();
    this.#cancelRetry = this.environment.clock.timeout(() => this.#open(), this.#backoff.next());
    for (const holder of this.#holders.keys()) holder.failed(failure);
  }

  #groupFailed(group: string, error: unknown): void {
    const failure = socketFailure(error, `group ${group} on ${describeEndpoint(this.endpoint)}`);
    for (const [holder, { groups }] of this.#holders) if (groups.includes(group)) holder.failed(failure);
  }

  #groupsRecovered(): void {
    const bound = this.#attempt?.bound;
    if (bound === undefined) return;
    const { granted } = bound;
    for (const [holder, { groups }] of this.#holders) if (groups.length > 0) holder.bound({ granted });
  }

  /** Gives up the socket, bound or not, and any retry. Resolves once it is closed. */
  #abandon(): Promise<void> {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    const attempt = this.#attempt;
    if (attempt === undefined) return this.#released;
    this.#dropsBefore = this.kernelDrops(0);
    this.#attempt = undefined;
    attempt.memberships.stop();
    this.#released = new Promise((resolve) => {
      attempt.socket.on("close", resolve);
      attempt.socket.close();
    });
    return this.#released;
  }
}
