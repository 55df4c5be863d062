import { setTimeout } from "node:timers/promises";
import { atMost, count, mebibytes, ms, percent, times } from "../report";
import { Rig, type Window } from "../rig";
import type { Contestant } from "../server-under-test";
import { disturbances, type RunOptions, type Workload } from "./workload";

const HEALTHY = 160;
const STALLED = 40;
const PER_SECOND = 5000;
const TOPICS = 50;
const SAMPLED = 2;
const WARM_UP_SECONDS = 2;
/** In proportion to the window: at the default of 5 s, 17 s. */
const STALLED_WINDOWS = 3.4;

interface Row {
  readonly alone: Window;
  readonly stalled: Window;
  readonly grownBytes: number;
  /** By the clients that read. */
  readonly lost: number;
}

async function measure(contestant: Contestant, { seconds, profileDir, progress }: RunOptions): Promise<Row> {
  progress(`stalled: ${contestant}`);
  const rig = await Rig.start(contestant, profileDir);
  try {
    await rig.connect({ name: "healthy", clients: HEALTHY, sampled: SAMPLED });
    await rig.send(PER_SECOND, TOPICS);
    await setTimeout(Math.min(WARM_UP_SECONDS, seconds) * 1000);
    const alone = await rig.measure(seconds, `stalled-${contestant}-alone`);
    const rssBefore = await rig.rssBytes({ collected: false });
    await rig.connect({ name: "stalled", clients: STALLED, sampled: 0, bytesPerSecond: 0 });
    const stalled = await rig.measure(seconds * STALLED_WINDOWS, `stalled-${contestant}`);
    const { sent, groups } = await rig.drain("healthy");
    return {
      alone,
      stalled,
      grownBytes: stalled.rssBytes - rssBefore,
      lost: sent * HEALTHY - (groups.healthy?.frames ?? 0),
    };
  } finally {
    await rig.stop();
  }
}

/** Clients that stop reading, beside others that go on. */
export const stalled: Workload = {
  name: "stalled",
  async run(options) {
    const core = await measure("core", options);
    const sensorcast = await measure("sensorcast", options);
    const seconds = options.seconds * STALLED_WINDOWS;
    return {
      title: `${HEALTHY} clients at 500 KB/s each, joined by ${STALLED} that stall, for ${seconds} s`,
      table: { columns: COLUMNS, rows: [cells("core", core), cells("sensorcast", sensorcast)] },
      targets: [
        atMost("stalled: RSS growth", sensorcast.grownBytes, 16 * 2 ** 20, mebibytes),
        atMost("stalled: lost by the others", sensorcast.lost, 0, count),
        atMost("stalled: p99 of the others to before", p99(sensorcast.stalled) / p99(sensorcast.alone), 1.1, times),
      ],
    };
  },
};

const COLUMNS = [
  "server",
  "deliveries/s before",
  "with stalled",
  "lost by the others",
  "p99 before",
  "with stalled",
  "RSS growth",
  "CPU before",
  "with stalled",
  "loop delay p99",
  "load CPU",
  "note",
];

function cells(name: string, { alone, stalled: beside, grownBytes, lost }: Row): string[] {
  return [
    name,
    count(alone.deliveries),
    count(beside.deliveries),
    count(lost),
    ms(p99(alone)),
    ms(p99(beside)),
    mebibytes(grownBytes),
    percent(alone.serverCpu),
    percent(beside.serverCpu),
    ms(beside.loopDelayP99Ms),
    percent(beside.loadCpu),
    disturbances(beside) || disturbances(alone),
  ];
}

function p99({ groups }: Window): number {
  return groups.healthy?.latency?.p99Ms ?? Number.NaN;
}
