import { setTimeout as delay } from "node:timers/promises";
import { OPCODE } from "../../../../nodes/lib/ws/hub/frames/frames";
import type { Attack } from "../../attack";
import { clientFrame } from "../../client-frame";
import { spread } from "../../crowd";

const CLIENTS = 300;
const GOODBYES = 20;
const HELD_MS = 1000;

/** Says goodbye again and again, reads none of the answers, and stays. */
export const unfinishedCloses: Attack = async ({ ports }, crowd) => {
  const close = clientFrame({ opcode: OPCODE.close, payload: Buffer.from([3, 232]) });
  await spread(CLIENTS, 500, async (index) => {
    const socket = await crowd.join({ port: ports[index % 2 === 0 ? 0 : 1] }, { allowHalfOpen: true });
    socket.write(Buffer.concat(Array.from({ length: GOODBYES }, () => close)));
  });
  await delay(HELD_MS);
};
