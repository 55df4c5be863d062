import { setTimeout } from "node:timers/promises";
import type { DatagramReceiver, Where } from "../load/datagram-receiver";
import type { UdpSender } from "../load/udp-sender";
import { CORE } from "../pinning";
import { atMost, count, type Figures, preciseMs, us } from "../report";
import { startLoad } from "../rig";
import type { RunOptions, Workload } from "./workload";

const RATES = [100, 1000, 10_000];
/** In turns, so that whatever else goes on meets both. */
const ROUNDS = 3;
const WARM_UP_MS = 500;
const FEED = { topics: 50, bytes: 100 };
/** What the thread may add to the median. */
const MAX_ADDED_MS = 0.2;

interface Row {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuUs: number;
}

/** From when a datagram is due to be sent until the main thread has it. */
async function measure(where: Where, perSecond: number, { seconds, progress }: RunOptions): Promise<Row> {
  progress(`receiver: ${where}, ${perSecond}/s`);
  const receiver = startLoad<DatagramReceiver>("datagram-receiver", CORE.server);
  const sender = startLoad<UdpSender>("udp-sender");
  try {
    await sender.call("start", await receiver.call("open", where), { perSecond, ...FEED });
    await setTimeout(WARM_UP_MS);
    const before = await receiver.call("report");
    await setTimeout(seconds * 1000);
    const { datagrams, p50Ms, p99Ms, cpuUs } = await receiver.call("report");
    return { p50Ms, p99Ms, cpuUs: (cpuUs - before.cpuUs) / datagrams };
  } finally {
    await Promise.all([sender.stop(), receiver.stop()]);
  }
}

async function measureInTurns(perSecond: number, options: RunOptions): Promise<Readonly<Record<Where, Row>>> {
  const rows: Record<Where, Row[]> = { main: [], thread: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const where of ["main", "thread"] as const) rows[where].push(await measure(where, perSecond, options));
  }
  return { main: medianOf(rows.main), thread: medianOf(rows.thread) };
}

/** What the receiver thread costs: the same socket on the main thread beside it. */
export const receiver: Workload = {
  name: "receiver",
  async run(options) {
    const rows: string[][] = [];
    const targets = [];
    const figures: Record<string, Figures> = {};
    for (const perSecond of RATES) {
      const { main, thread } = await measureInTurns(perSecond, options);
      rows.push(cells(perSecond, "main", main), cells(perSecond, "thread", thread));
      figures[`main at ${perSecond}`] = { ...main };
      figures[`thread at ${perSecond}`] = { ...thread };
      const what = `receiver thread at ${count(perSecond)}/s: added to the median`;
      targets.push(atMost(what, thread.p50Ms - main.p50Ms, MAX_ADDED_MS, preciseMs));
    }
    return {
      title: "Receiving a datagram of 100 bytes on the main thread, and on the receiver thread",
      table: { columns: ["datagrams/s", "socket on", "p50", "p99", "CPU per datagram"], rows },
      targets,
      figures,
    };
  },
};

function cells(perSecond: number, where: string, { p50Ms, p99Ms, cpuUs }: Row): string[] {
  return [count(perSecond), where, preciseMs(p50Ms), preciseMs(p99Ms), us(cpuUs)];
}

function medianOf(rows: readonly Row[]): Row {
  const median = (property: keyof Row): number =>
    rows.map((row) => row[property]).sort((a, b) => a - b)[rows.length >> 1] ?? Number.NaN;
  return { p50Ms: median("p50Ms"), p99Ms: median("p99Ms"), cpuUs: median("cpuUs") };
}
