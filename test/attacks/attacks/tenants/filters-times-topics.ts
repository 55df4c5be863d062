import type { Attack } from "../../attack";
import { spread } from "../../crowd";
import { startPace } from "../datagrams/pace";
import { inventedTopics, send, sender } from "../datagrams/send-readings";

const CLIENTS = 200;
const TOPICS = 40_000;
const TOPICS_A_DATAGRAM = 200;

/** Many clients, each with filters like nobody else's, all of which match every topic; and topics that are always new. */
export const filtersTimesTopics: Attack = async (target, crowd) => {
  const { ports, udpPorts } = target;
  await spread(CLIENTS, 500, async (index) => {
    const socket = await crowd.join({ port: ports[index % 2 === 0 ? 0 : 1], path: `/ws?topic=%23&topic=x${index}` });
    socket.resume();
  });
  const socket = await sender(crowd);
  const served = await startPace(target, crowd);
  for (const datagram of inventedTopics("invented/", TOPICS, TOPICS_A_DATAGRAM)) {
    await send(socket, udpPorts.json, datagram);
    await served();
  }
};
