import { hasFloor } from "../floor/floor";
import { atLeast, atMost, count, mebibytes, ms, percent, preciseMs, type Target, times, us } from "../report";
import type { Contestant } from "../server-under-test";
import { type FanOutFigures, figuresOf, measureFanOut } from "./fan-out-measurement";
import { disturbances, type RunOptions, type Workload } from "./workload";

interface FanOut {
  readonly clients: number;
  readonly perSecond: number;
  /** Clients that read their readings in full. */
  readonly sampled: number;
  targets(sensorcast: FanOutFigures, core: FanOutFigures): Target[];
}

/** Readings at a steady rate to clients that all keep up. */
function fanOut(name: string, { clients, perSecond, sampled, targets }: FanOut): Workload {
  const measure = (contestant: Contestant, options: RunOptions): Promise<FanOutFigures> =>
    measureFanOut(name, { contestant, clients, perSecond, sampled }, options);

  return {
    name,
    async run(options) {
      const core = await measure("core", options);
      const sensorcast = await measure("sensorcast", options);
      const rows: Record<string, FanOutFigures> = { core, sensorcast };
      const { otherNode } = options;
      if (otherNode !== undefined) rows[OTHER_NODE] = await measure("sensorcast", { ...options, node: otherNode });
      if (hasFloor) rows.floor = await measure("floor", options);
      return {
        title: `${count(clients)} clients × ${count(perSecond)} readings/s`,
        table: { columns: COLUMNS, rows: Object.entries(rows).map(([name, row]) => cells(name, row, core)) },
        targets: targets(sensorcast, core),
        figures: Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, figuresOf(row)])),
      };
    },
    async figures(options) {
      const row = await measure("sensorcast", options);
      return [
        { what: "CPU per delivery", value: row.cpuUsPerDelivery, unit: us },
        { what: "CPU", value: row.serverCpu, unit: percent },
        { what: "latency p50", value: row.latency?.p50Ms ?? Number.NaN, unit: preciseMs },
        { what: "latency p99", value: row.latency?.p99Ms ?? Number.NaN, unit: preciseMs },
        { what: "latency p99.9", value: row.latency?.p999Ms ?? Number.NaN, unit: preciseMs },
        { what: "p99 of the worst client", value: row.latency?.clients.p99Ms.worst ?? Number.NaN, unit: preciseMs },
        { what: "loop delay p99", value: row.loopDelayP99Ms, unit: ms },
        { what: "lost", value: row.lost, unit: count },
      ];
    },
  };
}

/**
 * The same with one sender process, which takes the most of the core that it shares with Node-RED here: what counts is how little
 * is left for Node-RED to do.
 */
export const oneSender: Workload = {
  name: "one-sender",
  async run(options) {
    const shape = { clients: 1000, perSecond: 1000, sampled: 8 };
    const sensorcast = await measureFanOut("one-sender", { contestant: "sensorcast", ...shape }, options);
    const row = await measureFanOut("one-sender", { contestant: "one sender", ...shape }, options);
    const rows = { sensorcast, "with one sender": row };
    return {
      title: "1 000 clients × 1 000 readings/s, with one sender process",
      table: { columns: COLUMNS, rows: Object.entries(rows).map(([name, row]) => cells(name, row, sensorcast)) },
      targets: [
        atLeast("one sender: deliveries/s", row.deliveries, MILLION, count),
        atMost("one sender: lost", row.lost, 0, count),
        atMost("one sender: Node-RED's loop busy", row.loopCpu, 0.15, percent),
        atMost("one sender: loop delay p99", row.loopDelayP99Ms, 2 + DELAY_RESOLUTION_MS, ms),
      ],
      figures: Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, figuresOf(row)])),
    };
  },
};

/** What the loop delay that is measured includes. */
const DELAY_RESOLUTION_MS = 1;

const OTHER_NODE = "sensorcast on the other Node.js";

const COLUMNS = [
  "server",
  "deliveries/s",
  "to core",
  "delivered",
  "lost",
  "kernel drops",
  "CPU",
  "CPU per delivery",
  "to core",
  "latency p50",
  "p99",
  "p99.9",
  "max",
  "p99 of the median client",
  "of the worst",
  "fewest to most",
  "loop delay p99",
  "RSS before",
  "peak",
  "load CPU",
  "note",
];

function cells(name: string, row: FanOutFigures, core: FanOutFigures): string[] {
  const { latency } = row;
  return [
    name,
    count(row.deliveries),
    times(row.deliveries / core.deliveries),
    percent(row.deliveredShare),
    count(row.lost),
    count(row.kernelDrops),
    percent(row.serverCpu),
    us(row.cpuUsPerDelivery),
    times(row.cpuUsPerDelivery / core.cpuUsPerDelivery),
    preciseMs(latency?.p50Ms),
    preciseMs(latency?.p99Ms),
    preciseMs(latency?.p999Ms),
    preciseMs(latency?.maxMs),
    preciseMs(latency?.clients.p99Ms.median),
    preciseMs(latency?.clients.p99Ms.worst),
    percent(row.evenness),
    ms(row.loopDelayP99Ms),
    mebibytes(row.rssBefore),
    mebibytes(row.peakBytes),
    percent(row.loadCpu),
    disturbances(row),
  ];
}

/** What is measured twice differs by as much. */
const NOISE = 1.1;

function latencyTargets(name: string, { latency }: FanOutFigures, core: FanOutFigures): Target[] {
  const { latency: ofCore } = core;
  if (latency === undefined || ofCore === undefined) return [];
  return [
    atMost(`${name}: p50 to core`, latency.p50Ms / ofCore.p50Ms, NOISE, times),
    atMost(`${name}: p99 to core`, latency.p99Ms / ofCore.p99Ms, NOISE, times),
  ];
}

function fairnessTargets(name: string, { latency, evenness }: FanOutFigures): Target[] {
  const { median = Number.NaN, worst = Number.NaN } = latency?.clients.meanMs ?? {};
  return [
    atMost(`${name}: mean latency of the worst client to the median one`, worst / median, 1.15, times),
    atLeast(`${name}: readings of the client that got fewest to most`, evenness, 0.99, percent),
  ];
}

/** A steady million: what a window shows of it may be a pass more or less. */
const MILLION = 0.99e6;

export const fanOuts: readonly Workload[] = [
  fanOut("10x20", {
    clients: 10,
    perSecond: 20,
    sampled: 10,
    targets: (row, core) => latencyTargets("10 × 20", row, core),
  }),
  fanOut("100x300", {
    clients: 100,
    perSecond: 300,
    sampled: 100,
    targets: (row, core) => [
      ...latencyTargets("100 × 300", row, core),
      atMost("100 × 300: CPU to core", row.serverCpu / core.serverCpu, NOISE, times),
      ...fairnessTargets("100 × 300", row),
    ],
  }),
  fanOut("1000x1000", {
    clients: 1000,
    perSecond: 1000,
    sampled: 8,
    targets: (row) => [
      atLeast("1000 × 1000: deliveries/s", row.deliveries, MILLION, count),
      atMost("1000 × 1000: lost", row.lost, 0, count),
      atMost("1000 × 1000: CPU", row.serverCpu, 0.65, percent),
      atMost("1000 × 1000: latency p99", row.latency?.p99Ms, 25, ms),
      atMost("1000 × 1000: loop delay p99", row.loopDelayP99Ms, 10, ms),
      ...fairnessTargets("1000 × 1000", row),
    ],
  }),
  fanOut("10000x100", {
    clients: 10_000,
    perSecond: 100,
    sampled: 80,
    targets: (row) => [
      atLeast("10 000 × 100: deliveries/s", row.deliveries, MILLION, count),
      atMost("10 000 × 100: lost", row.lost, 0, count),
      atMost("10 000 × 100: latency p99", row.latency?.p99Ms, 300, ms),
      atMost("10 000 × 100: loop delay p99", row.loopDelayP99Ms, 10, ms),
      ...fairnessTargets("10 000 × 100", row),
    ],
  }),
  fanOut("1000x50", {
    clients: 1000,
    perSecond: 50,
    sampled: 100,
    targets: (row, core) => [
      atMost("1000 × 50: CPU per delivery to core", row.cpuUsPerDelivery / core.cpuUsPerDelivery, 0.75, times),
    ],
  }),
  fanOut("10x30000", {
    clients: 10,
    perSecond: 30_000,
    sampled: 1,
    targets: (row) => [
      atLeast("10 × 30 000: delivered", row.deliveredShare, 1, percent),
      atMost("10 × 30 000: kernel drops", row.kernelDrops, 0, count),
      atMost("10 × 30 000: CPU", row.serverCpu, 0.5, percent),
    ],
  }),
];
