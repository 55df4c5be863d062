import { setTimeout as delay } from "node:timers/promises";
import type { Attack } from "../../attack";
import { spread } from "../../crowd";

const CONNECTIONS = 2000;
const HELD_MS = 1000;

/** Connects and says nothing. */
export const idleConnections: Attack = async ({ ports }, crowd) => {
  await spread(CONNECTIONS, 500, (index) => crowd.connect(ports[index % 2 === 0 ? 0 : 1]));
  await delay(HELD_MS);
};
