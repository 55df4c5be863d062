import { once } from "node:events";
import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import type { DatagramSocket } from "../../../nodes/lib/udp/socket/socket-environment";
import { systemEnvironment } from "../../../nodes/lib/udp/socket/socket-environment";
import { threadedEnvironment } from "../../../nodes/lib/udp/threaded-environment";
import { serve } from "../remote";
import { nowUs, type Reading } from "./reading";

/** Where the socket is. */
export type Where = "main" | "thread";

export interface ReceiverReport {
  readonly datagrams: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly cpuUs: number;
}

/** A process that receives readings, and does nothing with them. */
export interface DatagramReceiver {
  /** @returns the port */
  open(where: Where): Promise<number>;
  /** What arrived since the last report. */
  report(): ReceiverReport;
}

const ENVIRONMENTS = {
  main: systemEnvironment,
  thread: threadedEnvironment((error) => {
    throw error;
  }),
};
const QUEUE = { bytes: 16 * 1024 * 1024, isHeld: () => false };
let ages: RecordableHistogram = createHistogram();

serve<DatagramReceiver>({
  async open(where) {
    const socket = ENVIRONMENTS[where].open({ type: "udp4" }, QUEUE);
    socket.on("message", (datagram) => {
      const { t } = JSON.parse(datagram.toString()) as Reading;
      ages.record(Math.max(1, nowUs() - t));
    });
    socket.bind({ port: 0, address: "127.0.0.1", exclusive: true });
    await once(socket as unknown as NodeJS.EventEmitter, "listening");
    return (socket as DatagramSocket).address().port;
  },
  report() {
    const { user, system } = process.cpuUsage();
    const [p50Ms = 0, p99Ms = 0] = [50, 99].map((share) => ages.percentile(share) / 1000);
    const report = { datagrams: ages.count, p50Ms, p99Ms, maxMs: ages.max / 1000, cpuUs: user + system };
    ages = createHistogram();
    return report;
  },
});
