import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { OPCODE } from "../../../../nodes/lib/ws/hub/frames/frames";
import { upgradeRequest } from "../../../support/raw-http";
import { type Attack, SILENT_PATH } from "../../attack";
import { clientFrame, closeCodeOf } from "../../client-frame";

const CLIENTS = 100;
const PONGS = 20;
const POLICY = 1008;

/** A handshake, legal pongs and illegal binary data, each byte in a TCP segment of its own. */
export const singleBytes: Attack = async ({ ports }, crowd) => {
  const pong = clientFrame({ opcode: OPCODE.pong, payload: "unasked" });
  const data = clientFrame({ opcode: OPCODE.binary, payload: "hello" });
  const frames = Buffer.concat([...Array.from({ length: PONGS }, () => pong), data]);
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, index) => {
      const port = ports[index % 2 === 0 ? 0 : 1];
      const socket = await crowd.connect(port);
      for (const byte of upgradeRequest({ port, path: SILENT_PATH })) {
        socket.write(byte);
        await setImmediate();
      }
      const [answer] = await Promise.race([
        new Promise<Buffer[]>((resolve) => socket.once("data", (data) => resolve([data]))),
      ]);
      assert.match(String(answer), /^HTTP\/1\.1 101 /);
      const closed = closeCodeOf(socket);
      for (const byte of frames) {
        socket.write(Buffer.of(byte));
        await setImmediate();
      }
      assert.equal(await closed, POLICY);
    }),
  );
};
