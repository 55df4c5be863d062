import type { Target } from "../../attacked-node-red";
import type { Crowd } from "../../crowd";
import { startPace } from "../datagrams/pace";
import { inventedTopics, send, sender } from "../datagrams/send-readings";

/** As many as a server keeps. */
const TOPICS = 10_000;
const TOPICS_A_DATAGRAM = 200;

/** Has the servers keep a reading of as many topics as they can: `x0` to `x9999`. */
export async function fillTopics(target: Target, crowd: Crowd): Promise<void> {
  const socket = await sender(crowd);
  const served = await startPace(target, crowd);
  for (const datagram of inventedTopics("x", TOPICS, TOPICS_A_DATAGRAM)) {
    await send(socket, target.udpPorts.json, datagram);
    await served();
  }
}
