import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { upgradeRequest } from "../../../support/raw-http";
import type { Attack } from "../../attack";
import { CONTESTED_PATH } from "../../attacked-flow";

const ROUNDS = 10;
const LISTENED_MS = 30;

/** Where a core `websocket-listener` gets its path from the environment, a client is answered once, by one of the two. */
export const contestedPath: Attack = async ({ ports: [port] }, crowd) => {
  for (let round = 0; round < ROUNDS; round++) {
    const socket = await crowd.connect(port);
    let received = "";
    socket.on("data", (data) => {
      received += data.toString("latin1");
    });
    socket.write(upgradeRequest({ port, path: CONTESTED_PATH }));
    while (!received.includes("\r\n\r\n")) await delay(5);
    await delay(LISTENED_MS);
    assert.equal(received.split("HTTP/1.1 ").length - 1, 1, received);
    socket.destroy();
  }
};
