import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import WebSocket from "ws";
import type { Attack } from "../../attack";
import { spread } from "../../crowd";
import { startPace } from "../datagrams/pace";
import { inventedTopics, send, sender } from "../datagrams/send-readings";

const CLIENTS = 400;
const READINGS = 40_000;
const READINGS_A_DATAGRAM = 200;
const TOPICS = 1000;
const AFTERWARDS_MS = 500;

/** Everybody comes back at once, and wants to go on deep in the log, with filters that match next to nothing of it. */
export const resumingDeepInTheLog: Attack = async (target, crowd) => {
  const { ports, udpPorts } = target;
  const seqs = await Promise.all(ports.map(newestSeq));
  const socket = await sender(crowd);
  const served = await startPace(target, crowd);
  for (let sent = 0; sent < READINGS; sent += TOPICS) {
    for (const datagram of inventedTopics("deep/", TOPICS, READINGS_A_DATAGRAM)) {
      await send(socket, udpPorts.json, datagram);
      await served();
    }
  }
  await spread(CLIENTS, 100, async (index) => {
    const server = index % 2 === 0 ? 0 : 1;
    const path = `/ws?topic=deep/${index % TOPICS}&since=${seqs[server]}`;
    const client = await crowd.join({ port: ports[server], path });
    client.resume();
  });
  await delay(AFTERWARDS_MS);
};

async function newestSeq(port: number): Promise<string> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws?envelope=1`, { perMessageDeflate: false });
  const [data] = await once(socket, "message");
  socket.terminate();
  return (JSON.parse(String(data)) as { seq: string }).seq;
}
