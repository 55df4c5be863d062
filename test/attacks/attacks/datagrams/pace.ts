import { once } from "node:events";
import WebSocket from "ws";
import type { Target } from "../../attacked-node-red";
import type { Crowd } from "../../crowd";
import { send, sender } from "./send-readings";

const TOPIC = "pace";
const SERVED_TIMEOUT_MS = 15_000;

/**
 * For who sends as much as a server can take, however much of the processor it has just now: what is more only waits, and
 * says nothing about the server.
 * @returns resolves once what was sent to the JSON port before has arrived at clients
 */
export async function startPace({ ports: [port], udpPorts }: Target, crowd: Crowd): Promise<() => Promise<void>> {
  const socket = await sender(crowd);
  const client = new WebSocket(`ws://127.0.0.1:${port}/ws?topic=${TOPIC}`, { perMessageDeflate: false });
  crowd.after(() => client.terminate());
  await once(client, "open");
  const reading = JSON.stringify({ sensor: TOPIC, value: 0 });
  return async () => {
    const served = once(client, "message", { signal: AbortSignal.timeout(SERVED_TIMEOUT_MS) });
    await send(socket, udpPorts.json, reading);
    await served;
  };
}
