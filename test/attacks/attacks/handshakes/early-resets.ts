import { setTimeout as delay } from "node:timers/promises";
import { upgradeRequest } from "../../../support/raw-http";
import type { Attack } from "../../attack";
import { keepDoing } from "../../crowd";

const DURATION_MS = 1500;

/** Resets the connection somewhere between its first byte and the answer. */
export const earlyResets: Attack = async ({ ports }, crowd) => {
  let turn = 0;
  await keepDoing(DURATION_MS, 20, async () => {
    const port = ports[turn % 2 === 0 ? 0 : 1];
    const request = upgradeRequest({ port });
    const socket = await crowd.connect(port);
    const sent = turn % 3 === 0 ? request.slice(0, turn % request.length) : request;
    turn++;
    await new Promise((resolve) => socket.write(sent, resolve));
    if (turn % 2 === 0) await delay(turn % 5);
    socket.resetAndDestroy();
  });
};
