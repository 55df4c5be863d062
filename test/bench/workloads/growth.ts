import type { LineChart } from "../line-chart";
import { count, type Figures, percent, preciseMs, us } from "../report";
import { type FanOutShape, figuresOf, measureFanOut } from "./fan-out-measurement";
import type { Workload } from "./workload";

/** Along one dimension, all else alike. */
interface Dimension {
  readonly name: string;
  readonly sizes: readonly number[];
  shape(size: number): Omit<FanOutShape, "contestant">;
}

const SAMPLED = 20;
/** What a core can do with ease, whatever the number of clients. */
const DELIVERIES_PER_SECOND = 100_000;

const DIMENSIONS: readonly Dimension[] = [
  {
    name: "clients",
    sizes: [100, 1000, 5000, 10_000, 18_000],
    shape: (clients) => ({ clients, perSecond: Math.ceil(DELIVERIES_PER_SECOND / clients), sampled: SAMPLED }),
  },
  {
    name: "topics",
    sizes: [1, 10, 100, 1000, 10_000],
    shape: (topics) => ({ clients: 100, perSecond: 1000, sampled: SAMPLED, topics }),
  },
  {
    name: "filter sets",
    sizes: [1, 10, 100, 1000],
    shape: (filterSets) => ({ clients: 1000, perSecond: 100, sampled: SAMPLED, filterSets }),
  },
  {
    name: "readings per second",
    sizes: [10, 100, 1000, 10_000, 30_000],
    shape: (perSecond) => ({ clients: 10, perSecond, sampled: 1 }),
  },
];

/** What a delivery costs as things grow: flat, if all is well. */
export const growth: Workload = {
  name: "growth",
  async run(options) {
    const figures: Record<string, Figures> = {};
    const rows: string[][] = [];
    for (const { name, sizes, shape } of DIMENSIONS) {
      for (const size of sizes) {
        const label = nameOf(name, size);
        const measured = await measureFanOut(label, { contestant: "sensorcast", ...shape(size) }, options);
        const { cpuUsPerDelivery, cpu, p50Ms, p99Ms, deliveredShare } = figuresOf(measured);
        figures[label] = figuresOf(measured);
        rows.push([
          name,
          count(size),
          us(cpuUsPerDelivery),
          percent(cpu),
          preciseMs(p50Ms),
          preciseMs(p99Ms),
          percent(deliveredShare),
        ]);
      }
    }
    return {
      title: "Growth",
      table: {
        columns: ["what grows", "to", "CPU per delivery", "CPU", "latency p50", "p99", "delivered"],
        rows,
      },
      targets: [],
      figures,
    };
  },
};

/** @param figures as the workload gives them */
export function growthCharts(figures: Readonly<Record<string, Figures>>): LineChart[] {
  return DIMENSIONS.map(({ name, sizes }) => ({
    title: `Cost against ${name}`,
    x: name,
    y: "µs of CPU per delivery",
    lines: [
      {
        name: "sensorcast",
        points: sizes.flatMap((size) => {
          const cost = figures[nameOf(name, size)]?.cpuUsPerDelivery;
          return cost === undefined ? [] : [[size, cost] as const];
        }),
      },
    ],
  }));
}

function nameOf(dimension: string, size: number): string {
  return `${size} ${dimension}`;
}
