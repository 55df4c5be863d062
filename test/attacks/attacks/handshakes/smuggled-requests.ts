import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { upgradeRequest } from "../../../support/raw-http";
import type { Attack } from "../../attack";
import { keepDoing } from "../../crowd";

const DURATION_MS = 1000;
const LINES = 5;
const LISTENED_MS = 20;

/** Requests behind, and within, an upgrade: chunked, with a body, pipelined, with two lengths. At most one becomes a client. */
export const smuggledRequests: Attack = async ({ ports }, crowd) => {
  let turn = 0;
  await keepDoing(DURATION_MS, LINES, async () => {
    const port = ports[turn++ % 2 === 0 ? 0 : 1];
    const request = upgradeRequest({ port });
    const bodies = [
      request + request,
      upgradeRequest({ port, headers: { "Content-Length": "5" } }) + request,
      `${upgradeRequest({ port, headers: { "Transfer-Encoding": "chunked" } })}0\r\n\r\n${request}`,
      upgradeRequest({ port, headers: { Expect: "100-continue" } }),
      `GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 9\r\n\r\n${request}`,
    ];
    const socket = await crowd.connect(port);
    let received = "";
    socket.on("data", (data) => {
      received += data.toString("latin1");
    });
    socket.write(bodies[turn % bodies.length] ?? request);
    await delay(LISTENED_MS);
    assert.ok(received.split("HTTP/1.1 101 ").length <= 2, received);
    socket.resetAndDestroy();
  });
};
