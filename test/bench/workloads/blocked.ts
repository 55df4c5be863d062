import { setTimeout } from "node:timers/promises";
import { atMost, count, ms } from "../report";
import { framesOf, Rig } from "../rig";
import type { Flow } from "../server-under-test";
import type { RunOptions, Workload } from "./workload";

const FEED = { perSecond: 20_000, topics: 50, bytes: 100 };
const WARM_UP_MS = 1000;
const BLOCKED_MS = 2000;
/** What waited is handled beside what goes on arriving. */
const CATCH_UP_MS = 3000;
/** What a stock Linux grants at most, `net.core.rmem_max`, whatever this one grants. */
const DEFAULT_BUFFER_BYTES = 212_992;

interface Row {
  readonly sentWhileBlocked: number;
  readonly lost: number;
  readonly kernelDrops: number | undefined;
  /** Of the oldest reading that a client got. */
  readonly oldestMs: number | undefined;
}

async function measure(flow: Flow, options: RunOptions): Promise<Row> {
  options.progress(`blocked: ${flow}`);
  const udpSensorIn = { receiveBuffer: String(DEFAULT_BUFFER_BYTES) };
  const rig = await Rig.start(flow, { ...options, udpSensorIn });
  try {
    await rig.connect({ name: "client", clients: 1, sampled: 1 });
    await rig.send(FEED);
    await setTimeout(WARM_UP_MS);
    const sentWhileBlocked = await rig.block(BLOCKED_MS);
    await setTimeout(CATCH_UP_MS);
    const { sent, kernelDrops, groups } = await rig.drain("client");
    return {
      sentWhileBlocked,
      lost: sent - framesOf(groups),
      kernelDrops,
      oldestMs: groups.client?.latency?.maxMs,
    };
  } finally {
    await rig.stop();
  }
}

/** What becomes of datagrams while something else keeps the event loop of Node-RED busy. */
export const blocked: Workload = {
  name: "blocked",
  async run(options) {
    const core = await measure("core", options);
    const sensorcast = await measure("sensorcast", options);
    return {
      title: `Event loop blocked for ${BLOCKED_MS / 1000} s at ${count(FEED.perSecond)} datagrams/s, 208 KiB of receive buffer`,
      table: {
        columns: ["server", "sent while blocked", "lost", "kernel drops", "oldest reading"],
        rows: [cells("core", core), cells("sensorcast", sensorcast)],
      },
      targets: [atMost("blocked for 2 s: lost", sensorcast.lost, 0, count)],
      figures: { core: figuresOf(core), sensorcast: figuresOf(sensorcast) },
    };
  },
  async figures(options) {
    const { lost, oldestMs = Number.NaN } = await measure("sensorcast", options);
    return [
      { what: "lost", value: lost, unit: count },
      { what: "oldest reading", value: oldestMs, unit: ms },
    ];
  },
};

function cells(name: string, { sentWhileBlocked, lost, kernelDrops, oldestMs }: Row): string[] {
  return [name, count(sentWhileBlocked), count(lost), count(kernelDrops), ms(oldestMs)];
}

function figuresOf({ sentWhileBlocked, lost, oldestMs }: Row): Record<string, number> {
  return { sentWhileBlocked, lost, ...(oldestMs === undefined ? {} : { oldestMs }) };
}
