import { setTimeout as delay } from "node:timers/promises";
import { startThrottledProxy } from "../../../support/throttled-proxy";
import type { Attack } from "../../attack";
import { startBulkFeed } from "./bulk-feed";

const PEERS = 100;
const FEED_BYTES_PER_SECOND = 400_000;
const DURATION_MS = 1500;

/** Peers whose cable was pulled, and peers that have said goodbye but never hang up. */
export const halfOpenPeers: Attack = async ({ ports, udpPorts }, crowd) => {
  for (const port of ports) {
    const proxy = await startThrottledProxy(port, 10_000_000);
    crowd.after(() => proxy.stop());
    for (let i = 0; i < PEERS / 2; i++) {
      await crowd.join({ port: proxy.port });
      const leaving = await crowd.join({ port }, { allowHalfOpen: true });
      leaving.end();
    }
    proxy.cut();
  }
  crowd.after(startBulkFeed(udpPorts.text, FEED_BYTES_PER_SECOND));
  await delay(DURATION_MS);
};
