import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { Crowd } from "../../crowd";

/** A socket to send from, gone when the attack is over. */
export async function sender(crowd: Crowd): Promise<Socket> {
  const socket = createSocket("udp4");
  crowd.after(() => socket.close());
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return socket;
}

/** Resolves once the system has taken it. */
export async function send(socket: Socket, port: number, datagram: string | Buffer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.send(datagram, port, "127.0.0.1", (error) => (error ? reject(error) : resolve()));
  });
}

/** Topics that nobody has heard of, so many to a datagram; numbered, with a prefix. */
export function inventedTopics(prefix: string, count: number, perDatagram: number): string[] {
  return Array.from({ length: Math.ceil(count / perDatagram) }, (_, index) => {
    const first = index * perDatagram;
    const readings = Array.from({ length: Math.min(perDatagram, count - first) }, (_, i) => ({
      sensor: `${prefix}${first + i}`,
    }));
    return JSON.stringify(readings);
  });
}
