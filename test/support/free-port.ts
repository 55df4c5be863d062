import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

const LOOPBACK = "127.0.0.1";

/** A TCP port that nothing listens on right now. For a child process, which cannot report a port 0 of its own. */
export async function freeTcpPort(): Promise<number> {
  const server = createServer().listen(0, LOOPBACK);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** A UDP port that nothing is bound to right now, on any IPv4 address. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket("udp4").bind(0);
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  await once(socket, "close");
  return port;
}

/** Whether this process could bind `port` on all IPv4 addresses. Binds it for a moment. */
export async function udpPortIsFree(port: number): Promise<boolean> {
  const socket = createSocket("udp4");
  try {
    socket.bind({ port, exclusive: true });
    await once(socket, "listening");
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return false;
    throw error;
  } finally {
    socket.close();
  }
}
