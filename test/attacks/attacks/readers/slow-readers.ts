import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Attack } from "../../attack";
import { startBulkFeed } from "./bulk-feed";

const READERS_A_RATE = 67;
const BYTES_PER_SECOND = [0, 10, 1000];
const FEED_BYTES_PER_SECOND = 1_600_000;
const READ_INTERVAL_MS = 100;
const DURATION_MS = 2000;

/** Takes next to nothing of what it is sent. */
export const slowReaders: Attack = async ({ ports, udpPorts }, crowd) => {
  crowd.after(startBulkFeed(udpPorts.text, FEED_BYTES_PER_SECOND));
  for (const bytesPerSecond of BYTES_PER_SECOND) {
    for (let i = 0; i < READERS_A_RATE; i++) {
      const port = ports[i % 2 === 0 ? 0 : 1];
      const reader = await crowd.join({ port, path: i % 4 < 2 ? "/ws?mode=stream" : "/ws?mode=latest" });
      if (bytesPerSecond > 0) crowd.after(readSlowly(reader, (bytesPerSecond * READ_INTERVAL_MS) / 1000));
    }
  }
  await delay(DURATION_MS);
};

function readSlowly(socket: Socket, bytes: number): () => void {
  const timer = setInterval(() => socket.read(bytes), READ_INTERVAL_MS);
  return () => clearInterval(timer);
}
