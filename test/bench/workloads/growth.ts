import { hasFloor } from "../floor/floor";
import { count, type Figures, percent, preciseMs, us } from "../report";
import type { Contestant } from "../server-under-test";
import { type FanOutShape, figuresOf, measureFanOut } from "./fan-out-measurement";
import type { Workload } from "./workload";

/** What grows, all else alike. */
export interface Dimension {
  /** Of its workload, too, after `growth-`. */
  readonly name: string;
  readonly title: string;
  readonly sizes: readonly number[];
  /** More than one where the same can be had in different ways. */
  readonly variants: readonly Variant[];
}

interface Variant {
  readonly name: string;
  /** Default: this package. */
  readonly contestant?: Contestant;
  /** @returns `undefined` where a variant can't be had at this size */
  shape(size: number): Shape | undefined;
}

type Shape = Omit<FanOutShape, "contestant">;

const SAMPLED = 20;
/** What a core can do with ease, whatever the number of clients. */
const DELIVERIES_PER_SECOND = 100_000;
/** What one sender of ours can do in datagrams, beside all clients on one core. */
const MAX_DATAGRAMS_PER_SECOND = 30_000;
const PER_DATAGRAM = 10;
const ONE = "Sensorcast";
const TEN = "Sensorcast, ten readings in a datagram";

function toClients(clients: number): Shape {
  return { clients, perSecond: Math.ceil(DELIVERIES_PER_SECOND / clients), sampled: SAMPLED };
}

export const DIMENSIONS: readonly Dimension[] = [
  {
    name: "clients",
    title: "clients, 100 000 deliveries/s to all together",
    sizes: [100, 300, 1000, 3000, 10_000, 18_000],
    variants: [
      { name: ONE, shape: toClients },
      { name: "C floor", contestant: "floor", shape: toClients },
    ],
  },
  {
    name: "topics",
    title: "topics, 1000 readings/s to 100 clients",
    sizes: [1, 10, 100, 1000, 10_000],
    variants: [
      {
        name: ONE,
        shape: (topics) => ({ clients: 100, perSecond: 1000, sampled: SAMPLED, topics }),
      },
    ],
  },
  {
    name: "filters",
    title: "different filter sets, 100 readings/s to 1000 clients",
    sizes: [1, 10, 100, 1000],
    variants: [
      {
        name: ONE,
        shape: (filterSets) => ({ clients: 1000, perSecond: 100, sampled: SAMPLED, filterSets }),
      },
    ],
  },
  {
    name: "readings",
    title: "readings/s, to 10 clients",
    sizes: [1, 10, 100, 1000, 10_000, 30_000, 100_000],
    variants: [
      {
        name: ONE,
        shape: (perSecond) =>
          perSecond > MAX_DATAGRAMS_PER_SECOND ? undefined : { clients: 10, perSecond, sampled: 1 },
      },
      {
        name: TEN,
        shape: (perSecond) =>
          perSecond < 1000 ? undefined : { clients: 10, perSecond, sampled: 1, perDatagram: PER_DATAGRAM },
      },
    ],
  },
];

/** What a delivery costs as something grows: flat, if all is well. */
function growthOf(dimension: Dimension): Workload {
  const { sizes, variants } = dimension;
  return {
    name: workloadOf(dimension),
    async run(options) {
      const figures: Record<string, Figures> = {};
      const rows: string[][] = [];
      for (const size of sizes) {
        for (const { name, contestant = "sensorcast", shape } of variants) {
          const wanted = shape(size);
          if (wanted === undefined || (contestant === "floor" && !hasFloor)) continue;
          const label = labelOf(name, size);
          const measured = figuresOf(await measureFanOut(label, { contestant, ...wanted }, options));
          figures[label] = measured;
          rows.push([count(size), ...(variants.length > 1 ? [name] : []), ...growthCells(measured)]);
        }
      }
      return {
        title: `Growth: ${dimension.title}`,
        table: {
          columns: [dimension.name, ...(variants.length > 1 ? [""] : []), ...GROWTH_COLUMNS],
          rows,
        },
        targets: [],
        figures,
      };
    },
  };
}

export const growth: readonly Workload[] = DIMENSIONS.map(growthOf);

const GROWTH_COLUMNS = ["CPU per delivery", "CPU", "loop CPU", "latency p50", "p99", "delivered"];

function growthCells({ cpuUsPerDelivery, cpu, loopCpu, p50Ms, p99Ms, deliveredShare }: Figures): string[] {
  return [
    us(cpuUsPerDelivery),
    percent(cpu),
    percent(loopCpu),
    preciseMs(p50Ms),
    preciseMs(p99Ms),
    percent(deliveredShare),
  ];
}

export function workloadOf({ name }: Dimension): string {
  return `growth-${name}`;
}

/** Under which the figures of one measurement are. */
export function labelOf(variant: string, size: number): string {
  return `${variant} at ${size}`;
}
