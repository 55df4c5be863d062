import type { RemoteInfo } from "node:dgram";
import { EventEmitter } from "node:events";
import type { BoundAddress } from "../socket/kernel-drops";
import type { DatagramSocket } from "../socket/socket-environment";
import { RingReader } from "./datagram-ring";
import type { BindOptions, CalledMethod } from "./protocol";

/** How a socket reaches the thread where the real one is. */
export interface ThreadLink {
  /** Waits for the answer. @throws what the method throws on the thread */
  call(method: CalledMethod, parameters: unknown[]): unknown;
  close(): void;
  /** It is paused no more. */
  resume(): void;
  /** It is paused no more, and nothing is to stay in its ring. */
  flush(): void;
}

/**
 * A socket on the receiving thread. Emits the events of a `dgram.Socket`, `message` with the time of arrival as well, and
 * `end` once it is closed and all is delivered.
 */
export class ThreadSocket extends EventEmitter implements DatagramSocket {
  readonly #link: ThreadLink;
  readonly #memory: SharedArrayBuffer;
  readonly #ring: RingReader;
  #threadDrops: number | undefined;
  #address: BoundAddress | undefined;
  #isClosing = false;
  #isClosed = false;
  #isPaused = false;
  /** Its owner's: it is among those that have their turns. */
  isQueued = false;

  readonly #isHeld: () => boolean;

  /** @param isHeld as in `QueueOptions` */
  constructor(link: ThreadLink, ring: SharedArrayBuffer, isHeld: () => boolean) {
    super();
    this.#link = link;
    this.#isHeld = isHeld;
    this.#memory = ring;
    this.#ring = new RingReader(ring);
    // Goes idle, so that the first datagram wakes.
    this.#ring.read();
  }

  /** Datagrams that the kernel gave to the thread, but for which this one was too slow. */
  get threadDrops(): number {
    return this.#threadDrops ?? this.#ring.drops;
  }

  /**
   * Waits until the socket is bound, some 0.2 ms and with the first one until the thread has started, so that no
   * datagram is missed that a socket of the main thread would have got. Events follow after the caller is done.
   */
  bind(options: BindOptions): void {
    try {
      this.#address = this.#link.call("bind", [options]) as BoundAddress;
      process.nextTick(() => this.emit("listening"));
    } catch (error) {
      process.nextTick(() => this.emit("error", error));
    }
  }

  close(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
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

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#link.resume();
  }

  flush(): void {
    this.#isPaused = false;
    this.#link.flush();
  }

  /** Datagrams are to stay in the ring until it is resumed. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Datagrams are to stay in the ring a while longer. */
  get isHeld(): boolean {
    return this.#isHeld();
  }

  /** Its end is waited for. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The thread wakes this one when that becomes true. */
  get hasDatagrams(): boolean {
    return this.#ring.isAwake;
  }

  /** @returns false when there was nothing */
  deliverNext(): boolean {
    const datagram = this.#ring.read();
    if (datagram === undefined) return false;
    const { bytes, address, port, arrival } = datagram;
    const sender: RemoteInfo = { address, port, family: address.includes(":") ? "IPv6" : "IPv4", size: bytes.length };
    this.emit("message", bytes, sender, arrival);
    return true;
  }

  /** For the owner of the thread only, as what follows. */
  fails(error: Error): void {
    this.emit("error", error);
  }

  /** The port is free. What was received before is still to be delivered, after which the memory may be used for another ring. */
  closed(): void {
    this.#isClosed = true;
    this.#threadDrops = this.#ring.drops;
    this.emit("close");
  }

  /** All is delivered. */
  ended(): void {
    this.emit("end");
  }

  get memory(): SharedArrayBuffer {
    return this.#memory;
  }
}
