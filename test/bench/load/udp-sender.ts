import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { serve } from "../remote";
import { type Feed, nowUs, writeReading } from "./reading";

const TICK_MS = 1;

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
let ticker: NodeJS.Timeout | undefined;
let sent = 0;

function report(): SenderReport {
  const { user, system } = process.cpuUsage();
  return { sent, atUs: nowUs(), cpuUs: user + system };
}

serve<UdpSender>({
  async start(port, feed) {
    const connected = createSocket("udp4");
    connected.connect(port, "127.0.0.1");
    await once(connected, "connect");
    socket = connected;
    const startUs = nowUs();
    ticker = setInterval(() => {
      // After a tick that came late, what is due goes at once: the rate holds on average.
      const due = Math.floor(((nowUs() - startUs) * feed.perSecond) / 1e6);
      for (; sent < due; sent++) connected.send(writeReading(sent, feed));
    }, TICK_MS);
  },
  report,
  async stop() {
    clearInterval(ticker);
    while (socket !== undefined && socket.getSendQueueCount() > 0) await new Promise(setImmediate);
    socket?.close();
    socket = undefined;
    return report();
  },
});
