import type { Attack } from "../../attack";
import { startPace } from "./pace";
import { inventedTopics, send, sender } from "./send-readings";

const TOPICS = 40_000;
const TOPICS_A_DATAGRAM = 200;

/** Each reading is of a sensor that nobody has heard of, and never will again. */
export const topicsWithoutEnd: Attack = async (target, crowd) => {
  const socket = await sender(crowd);
  const served = await startPace(target, crowd);
  for (const datagram of inventedTopics("long/".repeat(10), TOPICS, TOPICS_A_DATAGRAM)) {
    await send(socket, target.udpPorts.json, datagram);
    await served();
  }
};
