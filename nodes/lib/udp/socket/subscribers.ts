import type { RemoteInfo } from "node:dgram";
import { plainAddress } from "../../net/ip-address";
import type { SocketFailure } from "./socket-failure";
import type { SocketRequest, SocketSubscriber } from "./socket-lease";

/** Who shares a socket, what they want of it together, and how they are told. */
export class Subscribers {
  readonly #requests = new Map<SocketSubscriber, SocketRequest>();

  get size(): number {
    return this.#requests.size;
  }

  /** Whether one of them would only queue what it is given now. */
  get isBusy(): boolean {
    for (const subscriber of this.#requests.keys()) if (subscriber.isBusy?.()) return true;
    return false;
  }

  get wantGroups(): boolean {
    for (const { groups } of this.#requests.values()) if (groups.length > 0) return true;
    return false;
  }

  largest(property: "receiveBuffer" | "queueBytes"): number {
    return Math.max(...Array.from(this.#requests.values(), (request) => request[property]));
  }

  add(subscriber: SocketSubscriber, request: SocketRequest): void {
    this.#requests.set(subscriber, request);
  }

  /** @returns what it wanted */
  remove(subscriber: SocketSubscriber): SocketRequest | undefined {
    const request = this.#requests.get(subscriber);
    this.#requests.delete(subscriber);
    return request;
  }

  [Symbol.iterator](): IterableIterator<[SocketSubscriber, SocketRequest]> {
    return this.#requests.entries();
  }

  /** Each is given bytes of its own. */
  deliver(bytes: Buffer, remote: RemoteInfo, arrival: number | undefined): void {
    const sender = { address: plainAddress(remote.address, "keep"), port: remote.port };
    let others = this.#requests.size;
    for (const subscriber of this.#requests.keys()) {
      subscriber.datagram(--others > 0 ? Buffer.from(bytes) : bytes, sender, arrival);
    }
  }

  failed(failure: SocketFailure): void {
    for (const subscriber of this.#requests.keys()) subscriber.failed(failure);
  }

  /** A group cannot be joined, which those who want it are told. */
  groupFailed(group: string, failure: SocketFailure): void {
    for (const [subscriber, { groups }] of this.#requests) if (groups.includes(group)) subscriber.failed(failure);
  }

  /** All groups are joined again. @param granted bytes of SO_RCVBUF */
  groupsRecovered(granted: number): void {
    for (const [subscriber, { groups }] of this.#requests) if (groups.length > 0) subscriber.bound({ granted });
  }
}
