import { createSocket, type RemoteInfo, type SocketOptions } from "node:dgram";
import { networkInterfaces } from "node:os";
import { type Clock, systemClock } from "../clock";
import type { NetworkInterfaces } from "./endpoint";
import type { GroupSocket } from "./memberships";
import type { BufferedSocket } from "./receive-buffer";

/** The part of a `dgram.Socket` that a shared socket uses. */
export interface DatagramSocket extends GroupSocket, BufferedSocket {
  bind(options: { port: number; address?: string; exclusive: boolean }): unknown;
  close(): unknown;
  on(event: "message", listener: (datagram: Buffer, sender: RemoteInfo) => void): unknown;
  on(event: "listening" | "close", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** What sockets need of the machine. */
export interface SocketEnvironment {
  readonly clock: Clock;
  readonly networkInterfaces: NetworkInterfaces;
  open(options: SocketOptions): DatagramSocket;
}

export const systemEnvironment: SocketEnvironment = { clock: systemClock, networkInterfaces, open: createSocket };
