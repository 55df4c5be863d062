import { setTimeout as delay } from "node:timers/promises";
import type { Attack } from "../../attack";
import { send, sender } from "./send-readings";

const DATAGRAMS = 60;
const READINGS_A_DATAGRAM = 2000;
const AFTERWARDS_MS = 1000;

/** Small datagrams of as many readings as fit: each becomes that many messages. */
export const manyReadings: Attack = async ({ udpPorts }, crowd) => {
  const socket = await sender(crowd);
  for (let i = 0; i < DATAGRAMS; i++) await send(socket, udpPorts.text, "1\n".repeat(READINGS_A_DATAGRAM));
  await delay(AFTERWARDS_MS);
};
