import { setTimeout as delay } from "node:timers/promises";
import type { Attack } from "../../attack";
import { spread } from "../../crowd";
import { fillTopics } from "../tenants/many-topics";

const CLIENTS = 200;
const DURATION_MS = 1500;

/** Asks for every topic of ten thousand as often as can be. */
export const everyMillisecond: Attack = readingAll("?every=1");

/** Takes the newest of ten thousand topics, and never reads. */
export const latestOfManyTopics: Attack = readingAll("?mode=latest", { reads: false });

function readingAll(query: string, { reads = true } = {}): Attack {
  return async (target, crowd) => {
    const { ports } = target;
    await fillTopics(target, crowd);
    await spread(CLIENTS, 500, async (index) => {
      const socket = await crowd.join({ port: ports[index % 2 === 0 ? 0 : 1], path: `/ws${query}` });
      if (reads) socket.resume();
    });
    await delay(DURATION_MS);
  };
}
