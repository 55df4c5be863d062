import { SharedSocket } from "./shared-socket";
import { type SocketEnvironment, systemEnvironment } from "./socket-environment";
import type { SocketHolder, SocketRequest } from "./socket-holder";

/** Hands out one socket per endpoint to any number of holders, who may come and go in any order. */
export class SocketPool {
  readonly #sockets = new Map<string, SharedSocket>();
  /** By port: a new socket waits until the old ones there are closed, whatever their address. */
  readonly #closing = new Map<number, Promise<unknown>>();

  constructor(private readonly environment: SocketEnvironment = systemEnvironment) {}

  /** @returns releases the socket; resolves once the port is free, or at once if others still hold it */
  hold(request: SocketRequest, holder: SocketHolder): () => Promise<void> {
    const key = `${request.family} ${request.port} ${request.address}`;
    const shared = this.#sockets.get(key) ?? this.#create(key, request);
    shared.add(holder, request);
    let released: Promise<void> | undefined;
    return () => {
      released ??= this.#release(key, shared, holder, request.port);
      return released;
    };
  }

  #create(key: string, request: SocketRequest): SharedSocket {
    const shared = new SharedSocket(request, this.environment);
    this.#sockets.set(key, shared);
    // Even with nothing to wait for, binding starts after the first holder was added.
    void Promise.resolve(this.#closing.get(request.port)).then(() => shared.start());
    return shared;
  }

  #release(key: string, shared: SharedSocket, holder: SocketHolder, port: number): Promise<void> {
    if (shared.remove(holder) > 0) return Promise.resolve();
    this.#sockets.delete(key);
    const closed = shared.close();
    const allClosed = Promise.all([this.#closing.get(port), closed]).then(() => {
      if (this.#closing.get(port) === allClosed) this.#closing.delete(port);
    });
    this.#closing.set(port, allClosed);
    return closed;
  }
}
