import { setTimeout as delay } from "node:timers/promises";
import { OPCODE } from "../../../../nodes/lib/ws/hub/frames/frames";
import type { Attack } from "../../attack";
import { clientFrame } from "../../client-frame";

const CLIENTS = 100;
const ROUNDS = 20;
const BETWEEN_MS = 50;
/** As our marks look, and of the same length. */
const MARKS = Array.from({ length: 20 }, (_, mark) => {
  const data = Buffer.alloc(8);
  data.writeUInt16BE(0x5343, 0);
  data.writeUIntBE(mark < 10 ? mark : 2 ** 47 + mark, 2, 6);
  return data;
});

/** Answers pings that were never sent, so as to look faster than it is; and never reads. */
export const forgedPongs: Attack = async ({ ports }, crowd) => {
  const sockets = await Promise.all(
    Array.from({ length: CLIENTS }, (_, index) =>
      crowd.join({ port: ports[index % 2 === 0 ? 0 : 1], path: "/ws?mode=latest" }),
    ),
  );
  const pongs = Buffer.concat(MARKS.map((payload) => clientFrame({ opcode: OPCODE.pong, payload })));
  for (let round = 0; round < ROUNDS; round++) {
    for (const socket of sockets) if (!socket.destroyed) socket.write(pongs);
    await delay(BETWEEN_MS);
  }
};
