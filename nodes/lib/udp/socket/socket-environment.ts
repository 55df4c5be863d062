import { createSocket, type RemoteInfo, type SocketOptions } from "node:dgram";
import { networkInterfaces } from "node:os";
import { type Clock, systemClock } from "../../time/clock";
import type { BoundAddress } from "./kernel-drops";
import type { NetworkInterfaces } from "./listen-address";
import type { GroupSocket } from "./memberships";
import type { BufferedSocket } from "./receive-buffer";
import { procTables, type SocketTables } from "./socket-tables";

/** The part of a `dgram.Socket` that a shared socket uses. */
export interface DatagramSocket extends GroupSocket, BufferedSocket {
  bind(options: { port: number; address?: string; exclusive: boolean }): unknown;
  close(): unknown;
  address(): BoundAddress;
  on(event: "message", listener: (datagram: Buffer, sender: RemoteInfo) => void): unknown;
  on(event: "listening" | "close", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** What sockets need of the machine. */
export interface SocketEnvironment {
  readonly clock: Clock;
  readonly networkInterfaces: NetworkInterfaces;
  readonly tables: SocketTables;
  /** Whether a socket can be bound to the address of a multicast group, to receive what is sent there alone. */
  readonly bindsGroups: boolean;
  open(options: SocketOptions): DatagramSocket;
}

export const systemEnvironment: SocketEnvironment = {
  clock: systemClock,
  networkInterfaces,
  tables: procTables,
  bindsGroups: process.platform !== "win32",
  open: createSocket,
};
