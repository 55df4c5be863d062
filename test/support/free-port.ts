import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { HAS_IPV6 } from "./udp";

/** Below what systems give to sockets that ask for any port, so that nobody gets one by chance before it is used. */
const FIRST_PORT = 20_000;
const PORTS = 12_000;
/** No port is given twice, and other processes start elsewhere. */
let offset = Math.floor(Math.random() * PORTS);

/** A TCP port that nothing listens on. For what cannot listen on port 0 and tell. */
export async function freeTcpPort(): Promise<number> {
  return await freePort(tcpPortIsFree);
}

/** A UDP port that nothing is bound to, neither on IPv4 nor on IPv6. */
export async function freeUdpPort(): Promise<number> {
  return await freePort(udpPortIsFree);
}

async function freePort(isFree: (port: number) => Promise<boolean>): Promise<number> {
  for (let tried = 0; tried < PORTS; tried++) {
    const port = FIRST_PORT + (offset++ % PORTS);
    if (await isFree(port)) return port;
  }
  throw new Error(`no port from ${FIRST_PORT} to ${FIRST_PORT + PORTS - 1} is free`);
}

/** Whether this process could listen on `port` on all addresses. Listens for a moment. */
export async function tcpPortIsFree(port: number): Promise<boolean> {
  const server = createServer();
  return await couldTake(once(server, "listening"), () => server.listen({ port, exclusive: true }), server);
}

/** Whether this process could bind `port` on all addresses. Binds it for a moment. */
export async function udpPortIsFree(port: number): Promise<boolean> {
  const socket = createSocket(HAS_IPV6 ? "udp6" : "udp4");
  return await couldTake(once(socket, "listening"), () => socket.bind({ port, exclusive: true }), socket);
}

async function couldTake(
  taken: Promise<unknown>,
  take: () => unknown,
  owner: { close(done: () => void): unknown },
): Promise<boolean> {
  take();
  try {
    await taken;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return false;
    throw error;
  }
  await new Promise<void>((resolve) => owner.close(resolve));
  return true;
}
