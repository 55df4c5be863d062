import { combineLeases } from "./combined-lease";
import { SharedSocket } from "./shared-socket";
import { type SocketEnvironment, systemEnvironment } from "./socket-environment";
import type { SocketLease, SocketRequest, SocketSubscriber } from "./socket-lease";

/**
 * Hands out one socket per endpoint to any number of holders, who may come and go in any order. For each multicast group
 * there is a socket that is bound to it, where the system allows that: one bound to all addresses would receive the
 * groups of all programs on the machine.
 */
export class SocketPool {
  readonly #sockets = new Map<string, SharedSocket>();
  /** By port: a new socket waits until the old ones there are closed, whatever their address. */
  readonly #closing = new Map<number, Promise<unknown>>();

  constructor(private readonly environment: SocketEnvironment = systemEnvironment) {}

  hold(request: SocketRequest, holder: SocketSubscriber): SocketLease {
    const { groups } = request;
    if (!this.environment.bindsGroups || groups.length === 0) return this.#holdOne(request, undefined, holder);
    const starts = [...new Set(groups)].map(
      (group) => (part: SocketSubscriber) => this.#holdOne({ ...request, groups: [group] }, group, part),
    );
    return combineLeases(holder, starts);
  }

  #holdOne(request: SocketRequest, group: string | undefined, holder: SocketSubscriber): SocketLease {
    const { port, family, address, groups } = request;
    const key = [family, port, address, group].join(" ");
    if (groups.length > 0) this.#sharePort(port);
    const shared = this.#sockets.get(key) ?? this.#create(key, request, group);
    shared.add(holder, request);
    const dropsBefore = shared.kernelDrops(0) ?? 0;
    let released: Promise<void> | undefined;
    return {
      release: () => {
        released ??= this.#release(key, shared, holder);
        return released;
      },
      kernelDrops() {
        const drops = shared.kernelDrops();
        return drops === undefined ? undefined : drops - dropsBefore;
      },
    };
  }

  #create(key: string, request: SocketRequest, group: string | undefined): SharedSocket {
    const { port, groups } = request;
    const shared = new SharedSocket(request, group, this.environment);
    if (groups.length > 0 || this.#onPort(port).some(({ isShared }) => isShared)) void shared.share();
    this.#sockets.set(key, shared);
    // Even with nothing to wait for, binding starts after the first holder was added.
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
    return [...this.#sockets.values()].filter(({ endpoint }) => endpoint.port === port);
  }

  #release(key: string, shared: SharedSocket, holder: SocketSubscriber): Promise<void> {
    if (shared.remove(holder) > 0) return Promise.resolve();
    this.#sockets.delete(key);
    const closed = shared.close();
    this.#waitFor(shared.endpoint.port, closed);
    return closed;
  }

  #waitFor(port: number, closed: Promise<void>): void {
    const allClosed = Promise.all([this.#closing.get(port), closed]).then(() => {
      if (this.#closing.get(port) === allClosed) this.#closing.delete(port);
    });
    this.#closing.set(port, allClosed);
  }
}
