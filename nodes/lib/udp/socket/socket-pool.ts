import { combineLeases } from "./combined-lease";
import { SharedSocket } from "./shared-socket";
import { type SocketEnvironment, systemEnvironment } from "./socket-environment";
import type { SocketLease, SocketRequest, SocketSubscriber } from "./socket-lease";

/**
 * Leases one socket per listen address to any number of subscribers, who may come and go in any order. For each multicast group
 * there is a socket that is bound to it, where the system allows that: one bound to all addresses would receive the
 * groups of all programs on the machine.
 */
export class SocketPool {
  readonly #sockets = new Map<string, SharedSocket>();
  /** Those without subscribers: closing, or with datagrams for whoever listens there next. */
  readonly #left = new Map<string, SharedSocket>();
  /** By port: a new socket waits until the old ones there are closed, whatever their address. */
  readonly #closing = new Map<number, Promise<unknown>>();

  readonly #environment: SocketEnvironment;

  constructor(environment: SocketEnvironment = systemEnvironment) {
    this.#environment = environment;
  }

  lease(request: SocketRequest, subscriber: SocketSubscriber): SocketLease {
    const { groups } = request;
    if (!this.#environment.bindsGroups || groups.length === 0) return this.#leaseOne(request, undefined, subscriber);
    const takers = [...new Set(groups)].map(
      (group) => (part: SocketSubscriber) => this.#leaseOne({ ...request, groups: [group] }, group, part),
    );
    return combineLeases(subscriber, takers);
  }

  #leaseOne(request: SocketRequest, group: string | undefined, subscriber: SocketSubscriber): SocketLease {
    const { port, family, address, groups } = request;
    const key = [family, port, address, group].join(" ");
    if (groups.length > 0) this.#sharePort(port);
    const shared = this.#sockets.get(key) ?? this.#create(key, request, group);
    shared.add(subscriber, request);
    const dropsBefore = shared.kernelDrops(0) ?? 0;
    const threadDropsBefore = shared.threadDrops();
    const kernelDrops = (): number | undefined => {
      const drops = shared.kernelDrops();
      return drops === undefined ? undefined : drops - dropsBefore;
    };
    const threadDrops = (): number => shared.threadDrops() - threadDropsBefore;
    let released: Promise<void> | undefined;
    let last: { readonly kernel: number | undefined; readonly thread: number } | undefined;
    return {
      release: () => {
        released ??= this.#release(key, shared, subscriber).then(() => {
          last = { kernel: kernelDrops(), thread: threadDrops() };
        });
        return released;
      },
      kernelDrops: () => (last === undefined ? kernelDrops() : last.kernel),
      threadDrops: () => last?.thread ?? threadDrops(),
    };
  }

  #create(key: string, request: SocketRequest, group: string | undefined): SharedSocket {
    const { port, groups } = request;
    const shared = this.#left.get(key) ?? new SharedSocket(request, group, this.#environment);
    this.#left.delete(key);
    if (groups.length > 0 || this.#onPort(port).some(({ isShared }) => isShared)) void shared.share();
    this.#sockets.set(key, shared);
    // Even with nothing to wait for, binding starts after the first subscriber was added.
    void Promise.resolve(this.#closing.get(port)).then(() => shared.start());
    return shared;
  }

  /** Only sockets that all let others have their port can be bound to it at once. */
  #sharePort(port: number): void {
    for (const shared of this.#onPort(port)) {
      if (!shared.isShared) this.#waitFor(port, shared.share());
    }
  }

  #onPort(port: number): SharedSocket[] {
    return [...this.#sockets.values()].filter(({ listenAddress }) => listenAddress.port === port);
  }

  #release(key: string, shared: SharedSocket, subscriber: SocketSubscriber): Promise<void> {
    if (shared.remove(subscriber) > 0) return Promise.resolve();
    this.#sockets.delete(key);
    this.#left.set(key, shared);
    const forget = (): void => {
      if (this.#left.get(key) === shared) this.#left.delete(key);
    };
    const closed = shared.close().then(() => {
      if (this.#left.get(key) !== shared) return;
      if (shared.backlog.isEmpty) forget();
      else shared.backlog.keep(forget);
    });
    this.#waitFor(shared.listenAddress.port, closed);
    return closed;
  }

  #waitFor(port: number, closed: Promise<void>): void {
    const allClosed = Promise.all([this.#closing.get(port), closed]).then(() => {
      if (this.#closing.get(port) === allClosed) this.#closing.delete(port);
    });
    this.#closing.set(port, allClosed);
  }
}
