import { createSocket, type RemoteInfo, type SocketOptions } from "node:dgram";
import { networkInterfaces } from "node:os";
import { type Clock, systemClock } from "../../time/clock";
import type { BoundAddress } from "./kernel-drops";
import type { ListenAddress, NetworkInterfaces } from "./listen-address";
import type { GroupSocket } from "./memberships";
import type { BufferedSocket } from "./receive-buffer";
import { procTables, type SocketTables } from "./socket-tables";

/** The part of a `dgram.Socket` that a shared socket uses. */
export interface DatagramSocket extends GroupSocket, BufferedSocket {
  bind(options: { port: number; address?: string; exclusive: boolean }): unknown;
  close(): unknown;
  /** Datagrams that were received elsewhere but could not be handed on; missing where that cannot happen. */
  readonly threadDrops?: number;
  address(): BoundAddress;
  /**
   * Keeps what was received and is not delivered yet, also once it is closed, until `resume`; missing where a socket that is
   * closed holds nothing.
   */
  pause?(): void;
  resume?(): void;
  /** Delivers it all at once instead, before it returns. */
  flush?(): void;
  /** `arrival`: when it was received, in ms since the epoch, if that was before the listener is called. */
  on(event: "message", listener: (datagram: Buffer, sender: RemoteInfo, arrival?: number) => void): unknown;
  /** `end`, where there is `pause`: it is closed, and all that it received is delivered. */
  on(event: "listening" | "close" | "end", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** What is to become of datagrams that the process cannot handle at once, where a thread receives them. */
export interface QueueOptions {
  /** Of datagrams that are to be held, besides those in the kernel. */
  readonly bytes: number;
  /** Whether they are better held a while longer, for the listener would only queue them. */
  isHeld(): boolean;
}

/** What sockets need of the machine. */
export interface SocketEnvironment {
  readonly clock: Clock;
  readonly networkInterfaces: NetworkInterfaces;
  readonly tables: SocketTables;
  /** Whether a socket can be bound to the address of a multicast group, to receive what is sent there alone. */
  readonly bindsGroups: boolean;
  open(options: SocketOptions, queue: QueueOptions): DatagramSocket;
  /** Told how many datagrams were received for an address and then dropped, since nobody listens there any more. */
  abandoned?(address: ListenAddress, datagrams: number): void;
}

export const systemEnvironment: SocketEnvironment = {
  clock: systemClock,
  networkInterfaces,
  tables: procTables,
  bindsGroups: process.platform !== "win32",
  open: (options) => createSocket(options),
};
