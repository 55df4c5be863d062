import type { Attack } from "../../attack";
import { startPace } from "./pace";
import { send, sender } from "./send-readings";

const DATAGRAMS = 300;
const FIELDS_A_DATAGRAM = 2000;

/**
 * Each reading has fields that no other has, where the means of all are held for a while: of one topic, and of topics that
 * nobody has heard of either.
 */
export const fieldsWithoutEnd: Attack = async (target, crowd) => {
  const socket = await sender(crowd);
  const served = await startPace(target, crowd);
  for (let datagram = 0; datagram < DATAGRAMS; datagram++) {
    const sensor = datagram % 2 === 0 ? "one" : `invented${datagram}`;
    const fields = Array.from({ length: FIELDS_A_DATAGRAM }, (_, field) => `field${datagram}_${field}=${field}`);
    await send(socket, target.udpPorts.keyvalue, `sensor=${sensor} ${fields.join(" ")}`);
    await served();
  }
};
