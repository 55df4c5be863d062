import { createSocket } from "node:dgram";

const INTERVAL_MS = 10;

/**
 * Sends large text readings, for clients that do not keep up.
 * @returns stops it
 */
export function startBulkFeed(port: number, bytesPerSecond: number, datagramBytes = 8000): () => void {
  const socket = createSocket("udp4");
  const datagram = Buffer.alloc(datagramBytes, "bulk ");
  const perTick = Math.max(1, Math.round((bytesPerSecond * INTERVAL_MS) / 1000 / datagramBytes));
  const timer = setInterval(() => {
    for (let i = 0; i < perTick; i++) socket.send(datagram, port, "127.0.0.1");
  }, INTERVAL_MS);
  return () => {
    clearInterval(timer);
    socket.close();
  };
}
