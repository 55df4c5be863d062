import { setTimeout as delay } from "node:timers/promises";
import type { Attack } from "../../attack";
import { send, sender } from "./send-readings";

const BETWEEN_MS = 20;
const AFTERWARDS_MS = 300;

/** A line that looks like one of Node-RED's; C0, C1 (a terminal takes it for an escape), and text that runs backwards. */
const FORGED = "\r\n24 Nov 12:00:00 - [info] all is well\u001b[2J\u009b31m\u202egnorw\u2066\u0085\u2028";

const DATAGRAMS: readonly string[] = [
  FORGED,
  `{"sensor":"a",${FORGED}}`,
  `{"sensor":"${"\\u009b31m\\u202e\\u0000\\u001b"}","value":1}`,
  `a,"b${FORGED}"c,d`,
  `m,t=${FORGED} f=${FORGED} ${FORGED}`,
  `a=${FORGED} ="${FORGED}`,
  `$GPGGA,${FORGED}*00`,
  `[1,2${FORGED}`,
  `{"__proto__${FORGED}":1}`,
];

/** Datagrams that would forge lines of the log, or steer the terminal that shows it, in whatever quotes them. */
export const controlCharacters: Attack = async ({ udpPorts, feedPort }, crowd) => {
  const socket = await sender(crowd);
  for (const datagram of DATAGRAMS) {
    for (const port of [feedPort, ...Object.values(udpPorts)]) {
      await send(socket, port, datagram);
      await delay(BETWEEN_MS);
    }
  }
  await delay(AFTERWARDS_MS);
};
