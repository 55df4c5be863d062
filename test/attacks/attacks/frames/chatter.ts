import { setTimeout as delay } from "node:timers/promises";
import { OPCODE } from "../../../../nodes/lib/ws/hub/frames/frames";
import { type Attack, SILENT_PATH } from "../../attack";
import { clientFrame } from "../../client-frame";

const CLIENTS = 100;
const ROUNDS = 30;
const BETWEEN_MS = 50;

/** Sends what a page's keep-alive sends, just often enough not to be sent away, or too often. */
export const chatter: Attack = async ({ ports }, crowd) => {
  const ping = clientFrame({ opcode: OPCODE.text, payload: '{"type":"ping"}' });
  const sockets = await Promise.all(
    Array.from({ length: CLIENTS }, (_, index) =>
      crowd.join({ port: ports[index % 2 === 0 ? 0 : 1], path: SILENT_PATH }),
    ),
  );
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, socket] of sockets.entries()) {
      if (socket.destroyed) continue;
      socket.resume();
      socket.write(index % 2 === 0 ? ping : Buffer.concat(Array.from({ length: 40 }, () => ping)));
    }
    await delay(BETWEEN_MS);
  }
};
