import { setTimeout as delay } from "node:timers/promises";
import type { Attack } from "../../attack";

const SILENT = 50;
const GARBAGE = [Buffer.alloc(1), Buffer.from("GET / HTTP/1.1\r\n\r\n"), Buffer.from("160301ffff01", "hex")];
const HELD_MS = 1000;

/** Connects to a TLS port, and says nothing, or what is no handshake. */
export const silentTls: Attack = async ({ allPorts: { tls } }, crowd) => {
  for (let i = 0; i < SILENT; i++) {
    const socket = await crowd.connect(tls);
    const garbage = GARBAGE[i % (GARBAGE.length + 1)];
    if (garbage !== undefined) socket.write(garbage);
  }
  await delay(HELD_MS);
};
