import { Backoff } from "../../net/backoff";
import { sentence } from "../../text/sentence";
import { Backlog } from "./backlog";
import { KernelDrops } from "./kernel-drops";
import {
  describeListenAddress,
  type ListenAddress,
  type ResolvedAddress,
  resolveListenAddress,
} from "./listen-address";
import { Memberships } from "./memberships";
import { groupBindAddress } from "./multicast-group";
import { growReceiveBuffer } from "./receive-buffer";
import type { DatagramSocket, SocketEnvironment } from "./socket-environment";
import { type SocketFailure, socketFailure } from "./socket-failure";
import type { SocketRequest, SocketSubscriber } from "./socket-lease";
import { Subscribers } from "./subscribers";

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

/**
 * The socket of one listen address, bound for as long as it has subscribers, and bound again after any failure. What was
 * received and not delivered when the last of them left goes to the next one, if it comes soon.
 */
export class SharedSocket {
  readonly #subscribers = new Subscribers();
  readonly #backoff = new Backoff();
  /** The multicast group to bind to. */
  #group: string | undefined;
  #attempt: Attempt | undefined;
  #failure: SocketFailure | undefined;
  #cancelRetry: (() => void) | undefined;
  /** Resolves once the socket that was given up last is closed. */
  #released: Promise<void> = Promise.resolve();
  #dropsBefore: number | undefined;
  #threadDropsBefore = 0;
  readonly #backlog: Backlog;
  #isShared = false;
  #started = false;
  #closed = false;

  readonly listenAddress: ListenAddress;
  readonly #environment: SocketEnvironment;

  /** @param group to bind to, unless the system refuses that; `undefined`: bind as the listen address says */
  constructor(listenAddress: ListenAddress, group: string | undefined, environment: SocketEnvironment) {
    this.listenAddress = listenAddress;
    this.#group = group;
    this.#environment = environment;
    this.#backlog = new Backlog(environment.clock, (count) => environment.abandoned?.(listenAddress, count));
  }

  /** Whether other sockets may have the port, too. Only where groups are joined, as is usual for multicast. */
  get isShared(): boolean {
    return this.#isShared;
  }

  /** Also once more, after it was closed; but not for subscribers that have left already. */
  start(): void {
    if (this.#started || this.#subscribers.size === 0) return;
    this.#started = true;
    this.#closed = false;
    this.#open();
  }

  /** Lets other sockets have the port from now on. Resolves once they can; this one opens again by itself. */
  share(): Promise<void> {
    if (this.#isShared) return this.#released;
    this.#isShared = true;
    return this.#started ? this.#reopen() : this.#released;
  }

  add(subscriber: SocketSubscriber, request: SocketRequest): void {
    const wantedGroups = this.#subscribers.wantGroups;
    this.#backlog.expect();
    this.#subscribers.add(subscriber, request);
    if (!this.#started) return;
    if (this.#subscribers.wantGroups !== wantedGroups) void this.#reopen();
    else if (this.#attempt?.bound !== undefined) this.#admitLate(subscriber, request, this.#attempt);
    else if (this.#failure !== undefined) subscriber.failed(this.#failure);
  }

  /** @returns how many subscribers are left */
  remove(subscriber: SocketSubscriber): number {
    const request = this.#subscribers.remove(subscriber);
    if (request !== undefined && this.#attempt?.bound !== undefined && this.#subscribers.size > 0) {
      this.#attempt.memberships.remove(request.groups);
    }
    return this.#subscribers.size;
  }

  /** To be called when the last subscriber has left. Resolves once the port is free. */
  close(): Promise<void> {
    this.#closed = true;
    this.#started = false;
    this.#isShared = false;
    this.#failure = undefined;
    this.#backoff.reset();
    const released = this.#abandon();
    this.#backlog.pause();
    return released;
  }

  /** What it holds for whoever listens next, once it is closed. */
  get backlog(): Backlog {
    return this.#backlog;
  }

  /** Datagrams that the kernel dropped, on this address; `undefined`: not known. */
  kernelDrops(maxAgeMs?: number): number | undefined {
    const drops = this.#attempt?.bound?.drops.count(maxAgeMs);
    return drops === undefined ? this.#dropsBefore : drops + (this.#dropsBefore ?? 0);
  }

  /** Datagrams that the receiver thread could not hand on, on this address. */
  threadDrops(): number {
    return this.#threadDropsBefore + (this.#attempt?.socket.threadDrops ?? 0);
  }

  /** A socket bound to an address of the machine gets nothing that is sent to a group. */
  #bindAddress({ bindAddress, multicastInterface }: ResolvedAddress): string | undefined {
    if (!this.#subscribers.wantGroups) return bindAddress;
    if (this.#group === undefined) return undefined;
    return groupBindAddress(this.#group, this.listenAddress.family === "udp4", multicastInterface.ipv6);
  }

  #reopen(ipv6Only = false): Promise<void> {
    const released = this.#abandon();
    void released.then(() => this.#open(ipv6Only));
    return released;
  }

  #open(ipv6Only = false): void {
    if (this.#closed || this.#attempt !== undefined) return;
    const { port, family } = this.listenAddress;
    const { clock, networkInterfaces, open } = this.#environment;
    try {
      const address = this.#bindAddress(resolveListenAddress(this.listenAddress, networkInterfaces));
      const type = family === "udp4" ? "udp4" : "udp6";
      const socket: DatagramSocket = open(
        { type, reuseAddr: this.#isShared, ipv6Only },
        {
          bytes: this.#subscribers.largest("queueBytes"),
          isHeld: () => this.#subscribers.isBusy || this.#backlog.isBefore(socket),
        },
      );
      const memberships = new Memberships(socket, {
        clock,
        multicastInterface: () => resolveListenAddress(this.listenAddress, networkInterfaces).multicastInterface,
        failed: (group, error) => this.#groupFailed(group, error),
        recovered: () => this.#groupsRecovered(),
      });
      const attempt: Attempt = { socket, memberships, bound: undefined };
      this.#attempt = attempt;
      socket.on("message", (bytes, remote, arrival) => {
        if (this.#subscribers.size === 0) this.#backlog.unheard();
        else this.#subscribers.deliver(bytes, remote, arrival);
      });
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
    if (isTaken && address === undefined && this.listenAddress.family === "udp6" && !ipv6Only) {
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
    try {
      const drops = new KernelDrops(attempt.socket.address(), this.#environment);
      const asked = this.#subscribers.largest("receiveBuffer");
      attempt.bound = { drops, asked, granted: growReceiveBuffer(attempt.socket, asked) };
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#failure = undefined;
    this.#backoff.reset();
    for (const [subscriber, request] of this.#subscribers) this.#admit(subscriber, request, attempt);
    // Where a receiver thread has broken, the new socket is one of the main thread: nothing that it receives can be held.
    if (attempt.socket.pause === undefined) this.#backlog.flush();
    else this.#backlog.resume();
  }

  #admit(subscriber: SocketSubscriber, { groups }: SocketRequest, { memberships, bound }: Attempt): void {
    if (bound === undefined) return;
    subscriber.bound({ granted: bound.granted });
    memberships.add(groups);
  }

  #admitLate(subscriber: SocketSubscriber, request: SocketRequest, attempt: Attempt): void {
    const { socket, bound } = attempt;
    try {
      if (bound !== undefined && request.receiveBuffer > bound.asked) {
        bound.asked = request.receiveBuffer;
        bound.granted = growReceiveBuffer(socket, bound.asked);
      }
      this.#admit(subscriber, request, attempt);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const failure = socketFailure(error, describeListenAddress(this.listenAddress));
    this.#failure = failure;
    void this.#abandon();
    this.#cancelRetry = this.#environment.clock.timeout(() => this.#open(), this.#backoff.next());
    this.#subscribers.failed(failure);
  }

  #groupFailed(group: string, error: unknown): void {
    const failure = socketFailure(
      error,
      sentence("socket.group-on", { group, place: describeListenAddress(this.listenAddress) }),
    );
    this.#subscribers.groupFailed(group, failure);
  }

  #groupsRecovered(): void {
    const bound = this.#attempt?.bound;
    if (bound !== undefined) this.#subscribers.groupsRecovered(bound.granted);
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
    this.#backlog.add(attempt.socket);
    const threadDrops = attempt.socket.threadDrops ?? 0;
    this.#threadDropsBefore += threadDrops;
    this.#released = new Promise((resolve) => {
      attempt.socket.on("close", () => {
        this.#threadDropsBefore += (attempt.socket.threadDrops ?? 0) - threadDrops;
        resolve();
      });
      attempt.socket.close();
    });
    return this.#released;
  }
}
