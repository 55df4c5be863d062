import { setTimeout as delay } from "node:timers/promises";
import { BOMBS } from "../../../support/bombs";
import type { Attack } from "../../attack";
import { send, sender } from "./send-readings";

const BURST = 32;
/** Of the bombs, those that take a decoder longest. */
const WORST = ["many names", "fields", "msgpack empty maps", "cbor dates", "line ends behind JSON", "pairs"];
const BETWEEN_MS = 300;

/** Datagrams that cost as much to decode as one can, all in one turn of the event loop. */
export const bombBursts: Attack = async ({ udpPorts }, crowd) => {
  const socket = await sender(crowd);
  for (const name of WORST) {
    const bomb = BOMBS[name];
    if (bomb === undefined) throw new Error(`no bomb is called ${name}`);
    for (let i = 0; i < BURST; i++) {
      const { auto, json, csv, influx, keyvalue, msgpack, cbor } = udpPorts;
      const ports = [auto, json, csv, influx, keyvalue, msgpack, cbor];
      await send(socket, ports[i % ports.length] ?? auto, bomb);
    }
    await delay(BETWEEN_MS);
  }
};
