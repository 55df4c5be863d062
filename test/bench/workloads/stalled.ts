import { setTimeout } from "node:timers/promises";
import type { Feed } from "../load/reading";
import { atMost, count, type Figures, known, mebibytes, ms, percent, times, us } from "../report";
import { Rig, type Window } from "../rig";
import type { Contestant } from "../server-under-test";
import { disturbances, type RunOptions, type Workload } from "./workload";

const HEALTHY = 160;
const STALLED = 40;
/** The same for both feeds: large readings show what a server keeps for the stalled, small ones what it costs the others. */
const BYTES_PER_SECOND = 500_000;
const TOPICS = 50;
const SAMPLES_PER_SECOND = 10_000;
const WARM_UP_SECONDS = 2;
/** In proportion to the window: at the default of 5 s, 17 s. */
const STALLED_WINDOWS = 3.4;

interface Row {
  readonly alone: Window;
  readonly stalled: Window;
  readonly grownBytes: number;
  /** Without the garbage that waits for a collection on either side. */
  readonly keptBytes: number;
  /** By the clients that read. */
  readonly lost: number;
}

/** Clients that stop reading, beside others that go on. */
function stalled(name: string, readingBytes: number): Workload {
  const feed: Feed = { perSecond: BYTES_PER_SECOND / readingBytes, topics: TOPICS, bytes: readingBytes };

  async function measure(contestant: Contestant, options: RunOptions): Promise<Row> {
    const { seconds, progress } = options;
    progress(`${name}: ${contestant}`);
    const rig = await Rig.start(contestant, options);
    try {
      const sampled = Math.ceil(SAMPLES_PER_SECOND / feed.perSecond);
      await rig.connect({ name: "healthy", clients: HEALTHY, sampled });
      await rig.send(feed);
      await setTimeout(Math.min(WARM_UP_SECONDS, seconds) * 1000);
      const alone = await rig.measure(seconds, `${name}-${contestant}-alone`);
      const keptBefore = await rig.rssBytes({ collected: true });
      await rig.connect({ name: "stalled", clients: STALLED, sampled: 0, bytesPerSecond: 0 });
      const beside = await rig.measure(seconds * STALLED_WINDOWS, `${name}-${contestant}`);
      const keptAfter = await rig.rssBytes({ collected: true });
      const { sent, groups } = await rig.drain("healthy");
      return {
        alone,
        stalled: beside,
        grownBytes: beside.rssBytes - alone.rssBytes,
        keptBytes: keptAfter - keptBefore,
        lost: sent * HEALTHY - (groups.healthy?.frames ?? 0),
      };
    } finally {
      await rig.stop();
    }
  }

  return {
    name,
    async run(options) {
      const core = await measure("core", options);
      const sensorcast = await measure("sensorcast", options);
      const seconds = options.seconds * STALLED_WINDOWS;
      const p99Ratio = p99(sensorcast.stalled) / p99(sensorcast.alone);
      return {
        title:
          `${HEALTHY} clients at 500 KB/s each (${count(feed.perSecond)} readings/s of ${readingBytes} bytes), ` +
          `joined by ${STALLED} that stall, for ${seconds} s`,
        table: { columns: COLUMNS, rows: [cells("core", core), cells("sensorcast", sensorcast)] },
        figures: { core: figuresOf(core), sensorcast: figuresOf(sensorcast) },
        targets: [
          atMost(`${name}: RSS growth, collected`, sensorcast.keptBytes, 16 * 2 ** 20, mebibytes),
          atMost(`${name}: lost by the others`, sensorcast.lost, 0, count),
          atMost(`${name}: p99 of the others to before`, p99Ratio, 1.3, times),
        ],
      };
    },
    async figures(options) {
      const row = await measure("sensorcast", options);
      return [
        { what: "CPU per delivery", value: row.stalled.cpuUsPerDelivery, unit: us },
        { what: "p99 of the others", value: p99(row.stalled), unit: ms },
        { what: "memory kept", value: row.keptBytes, unit: mebibytes },
        { what: "lost by the others", value: row.lost, unit: count },
      ];
    },
  };
}

export const stalls: readonly Workload[] = [stalled("stalled", 1000), stalled("stalled-small", 100)];

function figuresOf({ alone, stalled: beside, grownBytes, keptBytes, lost }: Row): Figures {
  return known({ grownBytes, keptBytes, lost, p99Ms: p99(beside), p99AloneMs: p99(alone) });
}

const COLUMNS = [
  "server",
  "deliveries/s before",
  "with stalled",
  "lost by the others",
  "p99 before",
  "with stalled",
  "RSS growth",
  "collected",
  "CPU before",
  "with stalled",
  "loop delay p99",
  "load CPU",
  "note",
];

function cells(name: string, { alone, stalled: beside, grownBytes, keptBytes, lost }: Row): string[] {
  return [
    name,
    count(alone.deliveries),
    count(beside.deliveries),
    count(lost),
    ms(p99(alone)),
    ms(p99(beside)),
    mebibytes(grownBytes),
    mebibytes(keptBytes),
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
