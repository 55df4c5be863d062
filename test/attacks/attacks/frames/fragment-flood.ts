import assert from "node:assert/strict";
import { OPCODE } from "../../../../nodes/lib/ws/hub/frames/frames";
import { type Attack, SILENT_PATH } from "../../attack";
import { clientFrame, closeCodeOf } from "../../client-frame";

const CLIENTS = 50;
const FRAGMENTS_A_WRITE = 1000;
const POLICY = 1008;

/** Messages in tiny fragments that never end. */
export const fragmentFlood: Attack = async ({ ports }, crowd) => {
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, index) => {
      const socket = await crowd.join({ port: ports[index % 2 === 0 ? 0 : 1], path: SILENT_PATH });
      const payload = index % 3 === 0 ? "" : "a";
      const fragments = Buffer.alloc(
        FRAGMENTS_A_WRITE * (6 + payload.length),
        clientFrame({ opcode: 0, payload, fin: false }),
      );
      const goOn = (error?: Error | null): void => {
        if (!error && !socket.destroyed) socket.write(fragments, goOn);
      };
      socket.write(clientFrame({ opcode: OPCODE.text, payload, fin: false }), goOn);
      // What follows the fragment too many is not read, and can reset the connection before the code is seen.
      assert.ok([POLICY, undefined].includes(await closeCodeOf(socket)));
    }),
  );
};
