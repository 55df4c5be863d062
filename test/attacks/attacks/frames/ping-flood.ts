import { setTimeout as delay } from "node:timers/promises";
import { OPCODE } from "../../../../nodes/lib/ws/hub/frames/frames";
import type { Attack } from "../../attack";
import { clientFrame } from "../../client-frame";

const CLIENTS = 20;
const PINGS_A_WRITE = 1000;
const DURATION_MS = 1500;

/** Pings as fast as the server takes them, from clients that never read. */
export const pingFlood: Attack = async ({ ports }, crowd) => {
  const ping = clientFrame({ opcode: OPCODE.ping, payload: Buffer.alloc(125) });
  const pings = Buffer.alloc(PINGS_A_WRITE * ping.length, ping);
  for (let index = 0; index < CLIENTS; index++) {
    const socket = await crowd.join({ port: ports[index % 2 === 0 ? 0 : 1] });
    const goOn = (error?: Error | null): void => {
      if (!error && !socket.destroyed) socket.write(pings, goOn);
    };
    goOn();
  }
  await delay(DURATION_MS);
};
