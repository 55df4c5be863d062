import { createSocket } from "node:dgram";
import WebSocket from "ws";
import { serve } from "../bench/remote";
import { PROBE_TOPIC } from "./steady-feed";

// A process of its own, which the load of an attack does not hold up: it sends readings and notes when they come back.
const INTERVAL_MS = 10;
const RECONNECT_MS = 20;

export interface LatencyProbe {
  /** @param urls of clients that follow the readings */
  start(feedPort: number, urls: readonly string[]): void;
  /** Of what came back since the last call, in ms; those that are still awaited count as long as they have been. */
  takeMeanMs(): number;
}

let count = 0;
let sumMs = 0;
let sent = 0;
const sentAt = new Map<number, number>();
const awaited = new Map<number, number>();

function follow(url: string, clients: number): void {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  socket.on("message", (data) => {
    const number = Number(/"value":(\d+)/.exec(String(data))?.[1]);
    const at = sentAt.get(number);
    if (at === undefined) return;
    count++;
    sumMs += performance.now() - at;
    const left = (awaited.get(number) ?? clients) - 1;
    awaited.set(number, left);
    if (left === 0) forget(number);
  });
  // It is always followed by "close".
  socket.on("error", () => undefined);
  socket.on("close", () => setTimeout(() => follow(url, clients), RECONNECT_MS));
}

function forget(number: number): void {
  sentAt.delete(number);
  awaited.delete(number);
}

const probe: LatencyProbe = {
  start(feedPort, urls) {
    for (const url of urls) follow(url, urls.length);
    const udp = createSocket("udp4");
    setInterval(() => {
      sentAt.set(++sent, performance.now());
      udp.send(JSON.stringify({ sensor: PROBE_TOPIC, value: sent }), feedPort, "127.0.0.1");
    }, INTERVAL_MS);
  },
  takeMeanMs() {
    const now = performance.now();
    for (const at of sentAt.values()) {
      count++;
      sumMs += now - at;
    }
    const mean = sumMs / count;
    sentAt.clear();
    awaited.clear();
    count = 0;
    sumMs = 0;
    return mean;
  },
};

serve<LatencyProbe>(probe);
