import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { serve } from "../remote";
import { type Feed, nowUs, writeReading } from "./reading";

/** Readings that are due within so long go together. Timers of Node.js are no finer than 1 ms, which is what a reading may take. */
const TICK_US = 250;
/** Calls are answered in between. */
const MAX_WAIT_MS = 5;

export interface SenderReport {
  readonly sent: number;
  readonly atUs: number;
  readonly cpuUs: number;
}

/** A process that sends readings as datagrams at a steady rate. */
export interface UdpSender {
  start(port: number, feed: Feed): Promise<void>;
  report(): SenderReport;
  /** Resolves when the last datagram has gone. */
  stop(): Promise<SenderReport>;
}

let socket: Socket | undefined;
const sleeper = new Int32Array(new SharedArrayBuffer(4));
let sent = 0;

function report(): SenderReport {
  const { user, system } = process.cpuUsage();
  return { sent, atUs: nowUs(), cpuUs: user + system };
}

/** Sends each reading when it is due, or with the last of its datagram, and what is overdue at once: the rate holds on average. */
function sendOnTime(to: Socket, feed: Feed): void {
  const { perDatagram = 1 } = feed;
  const startUs = nowUs();
  const dueUs = (seq: number): number => startUs + Math.ceil((seq * 1e6) / feed.perSecond / TICK_US) * TICK_US;
  const datagram = (): string => {
    if (perDatagram === 1) return writeReading(sent, dueUs(sent), feed);
    const readings = Array.from({ length: perDatagram }, (_, n) => writeReading(sent + n, dueUs(sent + n), feed));
    return `[${readings.join(",")}]`;
  };
  const turn = (): void => {
    if (socket !== to) return;
    const waitMs = (dueUs(sent + perDatagram - 1) - nowUs()) / 1000;
    if (waitMs > 0) Atomics.wait(sleeper, 0, 0, Math.min(waitMs, MAX_WAIT_MS));
    for (const now = nowUs(); dueUs(sent + perDatagram - 1) <= now; sent += perDatagram) to.send(datagram());
    setImmediate(turn);
  };
  turn();
}

serve<UdpSender>({
  async start(port, feed) {
    const connected = createSocket("udp4");
    connected.connect(port, "127.0.0.1");
    await once(connected, "connect");
    socket = connected;
    sendOnTime(connected, feed);
  },
  report,
  async stop() {
    const ending = socket;
    socket = undefined;
    while (ending !== undefined && ending.getSendQueueCount() > 0) await new Promise(setImmediate);
    ending?.close();
    return report();
  },
});
