import { setTimeout as delay } from "node:timers/promises";
import { upgradeRequest } from "../../../support/raw-http";
import type { Attack } from "../../attack";

const CLIENTS = 200;
const BYTE_INTERVAL_MS = 20;
const DURATION_MS = 1500;

/** Sends its request a byte at a time, and never all of it. */
export const slowHeaders: Attack = async ({ ports }, crowd) => {
  const drips = ports.map((port) => upgradeRequest({ port, headers: { "X-Padding": "x".repeat(1000) } }));
  const sockets = await Promise.all(
    Array.from({ length: CLIENTS }, (_, i) => crowd.connect(ports[i % 2 === 0 ? 0 : 1])),
  );
  for (let sent = 0; sent * BYTE_INTERVAL_MS < DURATION_MS; sent++) {
    for (const [index, socket] of sockets.entries()) socket.write(drips[index % 2]?.charAt(sent) ?? "");
    await delay(BYTE_INTERVAL_MS);
  }
};
