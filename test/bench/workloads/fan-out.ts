import { hasFloor } from "../floor/floor";
import { atLeast, atMost, count, ms, percent, preciseMs, type Target, times, us } from "../report";
import type { Contestant } from "../server-under-test";
import {
  DELAY_RESOLUTION_MS,
  type FanOutFigures,
  figuresOf,
  MILLION,
  measureFanOut,
  OTHER_NODE,
} from "./fan-out-measurement";
import { fanOutTable } from "./fan-out-table";
import type { RunOptions, Workload } from "./workload";

interface FanOut {
  readonly clients: number;
  readonly perSecond: number;
  /** Clients that read their readings in full. */
  readonly sampled: number;
  readonly warmUpSeconds?: number;
  /** @param floor if it could be measured */
  targets(sensorcast: FanOutFigures, core: FanOutFigures, floor: FanOutFigures | undefined): Target[];
}

/** Readings at a steady rate to clients that all keep up. */
function fanOut(name: string, { targets, ...shape }: FanOut): Workload {
  const measure = (contestant: Contestant, options: RunOptions): Promise<FanOutFigures> =>
    measureFanOut(name, { contestant, ...shape }, options);

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
        title: `${count(shape.clients)} clients × ${count(shape.perSecond)} readings/s`,
        table: fanOutTable(rows, core),
        targets: targets(sensorcast, core, rows.floor),
        figures: Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, figuresOf(row)])),
      };
    },
    async figures(options) {
      const row = await measure("sensorcast", options);
      return [
        { what: "CPU per delivery", value: row.cpuUsPerDelivery, unit: us },
        { what: "CPU", value: row.serverCpu, unit: percent },
        { what: "CPU of the event loop", value: row.loopCpu ?? Number.NaN, unit: percent },
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

/** A turn of the event loop may take so long, as measured. */
const MAX_LOOP_DELAY_MS = 8 + DELAY_RESOLUTION_MS;

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
      atMost("1000 × 1000: loop delay p99", row.loopDelayP99Ms, MAX_LOOP_DELAY_MS, ms),
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
      atMost("10 000 × 100: loop delay p99", row.loopDelayP99Ms, MAX_LOOP_DELAY_MS, ms),
      ...fairnessTargets("10 000 × 100", row),
    ],
  }),
  fanOut("1000x50", {
    clients: 1000,
    perSecond: 50,
    sampled: 100,
    targets: (row, core, floor) => [
      atMost("1000 × 50: CPU per delivery to core", row.cpuUsPerDelivery / core.cpuUsPerDelivery, 0.75, times),
      ...(floor === undefined
        ? []
        : [
            atMost(
              "1000 × 50: CPU per delivery to the floor",
              row.cpuUsPerDelivery / floor.cpuUsPerDelivery,
              1.3,
              times,
            ),
          ]),
      ...latencyTargets("1000 × 50", row, core),
    ],
  }),
  fanOut("10x30000", {
    clients: 10,
    perSecond: 30_000,
    sampled: 1,
    warmUpSeconds: 5,
    targets: (row) => [
      atLeast("10 × 30 000: delivered", row.deliveredShare, 1, percent),
      atMost("10 × 30 000: kernel drops", row.kernelDrops, 0, count),
      atMost("10 × 30 000: Node-RED's loop busy", row.loopCpu, 0.4, percent),
      atMost("10 × 30 000: latency p99", row.latency?.p99Ms, 15, ms),
    ],
  }),
];
