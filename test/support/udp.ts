import { createSocket, type Socket, type SocketType } from "node:dgram";
import { once } from "node:events";
import { networkInterfaces } from "node:os";

export const HAS_IPV6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"));

/** A bound socket; port 0: any. Close it with `closeSocket`. */
export async function bindSocket(port = 0, type: SocketType = "udp4"): Promise<Socket> {
  const socket = createSocket(type);
  socket.bind({ port, exclusive: true });
  await once(socket, "listening");
  return socket;
}

export async function closeSocket(socket: Socket): Promise<void> {
  const closed = once(socket, "close");
  socket.close();
  await closed;
}

/** Sends each datagram from one socket of its own, in order. @returns the port they came from */
export async function send(port: number, datagrams: readonly (string | Buffer)[], to = "127.0.0.1"): Promise<number> {
  const socket = await bindSocket(0, to.includes(":") ? "udp6" : "udp4");
  const from = socket.address().port;
  for (const datagram of datagrams) {
    await new Promise<void>((resolve, reject) => {
      socket.send(datagram, port, to, (error) => (error ? reject(error) : resolve()));
    });
  }
  await closeSocket(socket);
  return from;
}
