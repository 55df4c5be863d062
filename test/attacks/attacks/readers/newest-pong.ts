import assert from "node:assert/strict";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import WebSocket from "ws";
import { until } from "../../../support/until";
import type { Attack } from "../../attack";
import { PINGED_PATH } from "../../attacked-flow";

const CLIENTS = 20;
/** A little shorter than a heartbeat, so that one falls between the marks. */
const SILENCE_MS = 800;
const ROUNDS = 4;

/**
 * Answers, once in a while, only the newest ping, as RFC 6455, section 5.5.3, allows. It is no attack, but must not look like
 * one: it goes on to get what is newest.
 */
export const newestPongOnly: Attack = async ({ ports: [port] }, crowd) => {
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}${PINGED_PATH}`, {
        autoPong: false,
        perMessageDeflate: false,
      });
      crowd.after(() => socket.terminate());
      let newest: Buffer | undefined;
      let received = 0;
      socket.on("ping", (data) => {
        newest = data;
      });
      socket.on("message", () => received++);
      await once(socket, "open");
      for (let round = 0; round < ROUNDS; round++) {
        await delay(SILENCE_MS);
        if (newest !== undefined) socket.pong(newest);
        const before = received;
        await until(() => received > before, "it gets nothing any more although it answered the newest ping");
      }
      assert.equal(socket.readyState, WebSocket.OPEN);
    }),
  );
};
