import type { Attack } from "../../attack";
import { spread } from "../../crowd";

const CLIENTS = 2000;
const WITHIN_MS = 1000;

/** Everybody was cut off, and everybody comes back within a second. */
export const reconnectHerd: Attack = async ({ ports }, crowd) => {
  await spread(CLIENTS, WITHIN_MS, async (index) => {
    const socket = await crowd.join({ port: ports[index % 2 === 0 ? 0 : 1] });
    socket.resume();
  });
};
