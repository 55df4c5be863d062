import type { RemoteInfo } from "node:dgram";
import { EventEmitter } from "node:events";
import type { BoundAddress } from "../socket/kernel-drops";
import type { DatagramSocket } from "../socket/socket-environment";
import { RingReader } from "./datagram-ring";
import type { BindOptions, CalledMethod } from "./protocol";

/** How a socket reaches the thread where the real one is. */
export interface ThreadLink {
  bind(options: BindOptions): void;
  /** Waits for the answer. @throws what the method throws on the thread */
  call(method: CalledMethod, parameters: unknown[]): unknown;
  close(): void;
}

/** A socket on the receiving thread. Emits the events of a `dgram.Socket`, `message` with the time of arrival as well. */
export class ThreadSocket extends EventEmitter implements DatagramSocket {
  readonly #link: ThreadLink;
  readonly #ring: RingReader;
  #address: BoundAddress | undefined;

  constructor(link: ThreadLink, ring: SharedArrayBuffer) {
    super();
    this.#link = link;
    this.#ring = new RingReader(ring);
    // Goes idle, so that the first datagram wakes.
    this.#ring.read();
  }

  /** Datagrams that the kernel gave to the thread, but for which this one was too slow. */
  get threadDrops(): number {
    return this.#ring.drops;
  }

  bind(options: BindOptions): void {
    this.#link.bind(options);
  }

  close(): void {
    this.#link.close();
  }

  address(): BoundAddress {
    if (this.#address === undefined) throw new Error("the socket is not bound");
    return this.#address;
  }

  addMembership(group: string, multicastInterface?: string): void {
    this.#link.call("addMembership", [group, multicastInterface]);
  }

  dropMembership(group: string, multicastInterface?: string): void {
    this.#link.call("dropMembership", [group, multicastInterface]);
  }

  addSourceSpecificMembership(source: string, group: string, multicastInterface?: string): void {
    this.#link.call("addSourceSpecificMembership", [source, group, multicastInterface]);
  }

  dropSourceSpecificMembership(source: string, group: string, multicastInterface?: string): void {
    this.#link.call("dropSourceSpecificMembership", [source, group, multicastInterface]);
  }

  setRecvBufferSize(bytes: number): void {
    this.#link.call("setRecvBufferSize", [bytes]);
  }

  getRecvBufferSize(): number {
    return this.#link.call("getRecvBufferSize", []) as number;
  }

  /** @returns false when there was nothing; then the thread tells when there is */
  deliverNext(): boolean {
    const datagram = this.#ring.read();
    if (datagram === undefined) return false;
    const { bytes, address, port, arrival } = datagram;
    const sender: RemoteInfo = { address, port, family: address.includes(":") ? "IPv6" : "IPv4", size: bytes.length };
    this.emit("message", bytes, sender, arrival);
    return true;
  }

  /** For the owner of the thread only, as what follows. */
  listens(address: BoundAddress): void {
    this.#address = address;
    this.emit("listening");
  }

  fails(error: Error): void {
    this.emit("error", error);
  }

  /** What was received before goes out first. */
  isClosed(): void {
    while (this.deliverNext());
    this.emit("close");
  }
}
