import { setTimeout as delay } from "node:timers/promises";
import type { Attack } from "../../attack";
import type { AttackedPorts } from "../../attacked-flow";
import { send, sender } from "./send-readings";

const DATAGRAMS = 2000;
const AFTERWARDS_MS = 500;

/** Readings for a server that somebody else's program keeps from its port. None may cost a line of the log. */
export const readingsForNoServer: Attack = floodOf("unreachable");

/** Readings for one client, which is not there. */
export const readingsForNoClient: Attack = floodOf("gone");

function floodOf(port: keyof AttackedPorts & ("unreachable" | "gone")): Attack {
  return async ({ allPorts }, crowd) => {
    const socket = await sender(crowd);
    for (let i = 0; i < DATAGRAMS; i++) {
      await send(socket, allPorts[port], `{"sensor":"s","value":${i}}`);
      if (i % 20 === 0) await delay(5);
    }
    await delay(AFTERWARDS_MS);
  };
}
