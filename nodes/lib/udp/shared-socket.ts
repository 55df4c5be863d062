import type { RemoteInfo } from "node:dgram";
import { Backoff } from "./backoff";
import { describeEndpoint, type Endpoint, resolveEndpoint } from "./endpoint";
import { Memberships } from "./memberships";
import { growReceiveBuffer } from "./receive-buffer";
import { plainAddress } from "./sender";
import type { DatagramSocket, SocketEnvironment } from "./socket-environment";
import { type SocketFailure, socketFailure } from "./socket-failure";
import type { SocketHolder, SocketRequest } from "./socket-holder";

/** Set from the start of a bind to the close. */
interface Attempt {
  readonly socket: DatagramSocket;
  readonly memberships: Memberships;
  /** Bytes of SO_RCVBUF; `undefined` until bound. */
  granted: number | undefined;
}

/** One endpoint's socket, bound for as long as it has holders, and bound again after any failure. */
export class SharedSocket {
  readonly #holders = new Map<SocketHolder, SocketRequest>();
  readonly #backoff = new Backoff();
  #attempt: Attempt | undefined;
  #failure: SocketFailure | undefined;
  #cancelRetry: (() => void) | undefined;
  #started = false;
  #closed = false;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly environment: SocketEnvironment,
  ) {}

  start(): void {
    this.#started = true;
    this.#open();
  }

  add(holder: SocketHolder, request: SocketRequest): void {
    const wasMulticast = this.#multicast;
    this.#holders.set(holder, request);
    if (!this.#started) return;
    if (this.#multicast !== wasMulticast) this.#reopen();
    else if (this.#attempt?.granted !== undefined) this.#admit(holder, request, this.#attempt);
    else if (this.#failure !== undefined) holder.failed(this.#failure);
  }

  /** @returns how many holders are left */
  remove(holder: SocketHolder): number {
    const request = this.#holders.get(holder);
    this.#holders.delete(holder);
    if (request !== undefined && this.#attempt?.granted !== undefined && this.#holders.size > 0) {
      this.#attempt.memberships.remove(request.groups);
    }
    return this.#holders.size;
  }

  /** Resolves once the port is free. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#abandon();
  }

  /**
   * Only a socket with groups may share its port with other processes, as is usual for multicast, and listens on all
   * addresses, since one bound to an address gets nothing that is sent to a group.
   */
  get #multicast(): boolean {
    for (const { groups } of this.#holders.values()) if (groups.length > 0) return true;
    return false;
  }

  #reopen(ipv6Only = false): void {
    void this.#abandon().then(() => this.#open(ipv6Only));
  }

  #open(ipv6Only = false): void {
    if (this.#closed || this.#attempt !== undefined) return;
    const { port, family } = this.endpoint;
    const { clock, networkInterfaces, open } = this.environment;
    const multicast = this.#multicast;
    try {
      const { bindAddress, multicastInterface } = resolveEndpoint(this.endpoint, networkInterfaces);
      const socket = open({ type: family === "udp4" ? "udp4" : "udp6", reuseAddr: multicast, ipv6Only });
      const memberships = new Memberships(socket, multicastInterface, clock, {
        failed: (group, error) => this.#groupFailed(group, error),
        recovered: () => this.#groupsRecovered(),
      });
      const attempt: Attempt = { socket, memberships, granted: undefined };
      this.#attempt = attempt;
      socket.on("message", (bytes, remote) => this.#deliver(bytes, remote));
      socket.on("listening", () => this.#listening(attempt));
      socket.on("error", (error) => {
        if (this.#attempt !== attempt) return;
        const portOfIpv4Taken = "code" in error && error.code === "EADDRINUSE" && bindAddress === undefined;
        if (family === "udp6" && !ipv6Only && portOfIpv4Taken) this.#reopen(true);
        else this.#fail(error);
      });
      const address = multicast ? undefined : bindAddress;
      socket.bind({ port, exclusive: true, ...(address === undefined ? {} : { address }) });
    } catch (error) {
      this.#fail(error);
    }
  }

  #listening(attempt: Attempt): void {
    if (this.#attempt !== attempt) return;
    try {
      const wanted = Math.max(...Array.from(this.#holders.values(), (request) => request.receiveBuffer));
      attempt.granted = growReceiveBuffer(attempt.socket, wanted);
      this.#failure = undefined;
      this.#backoff.reset();
      for (const [holder, request] of this.#holders) this.#admit(holder, request, attempt);
    } catch (error) {
      this.#fail(error);
    }
  }

  #admit(holder: SocketHolder, { groups }: SocketRequest, { memberships, granted = 0 }: Attempt): void {
    holder.bound({ granted });
    memberships.add(groups);
  }

  #deliver(bytes: Buffer, remote: RemoteInfo): void {
    const sender = { address: plainAddress(remote.address), port: remote.port };
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
    const granted = this.#attempt?.granted;
    if (granted === undefined) return;
    for (const [holder, { groups }] of this.#holders) if (groups.length > 0) holder.bound({ granted });
  }

  /** Gives up the socket, bound or not, and any retry. Resolves once it is closed. */
  #abandon(): Promise<void> {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    const attempt = this.#attempt;
    this.#attempt = undefined;
    if (attempt === undefined) return Promise.resolve();
    attempt.memberships.stop();
    return new Promise((resolve) => {
      attempt.socket.on("close", resolve);
      attempt.socket.close();
    });
  }
}
