import { hasFloor } from "../floor/floor";
import type { LineChart } from "../line-chart";
import { count, type Figures, percent, preciseMs } from "../report";
import type { Contestant } from "../server-under-test";
import { figuresOf, measureFanOut } from "./fan-out-measurement";
import type { Workload } from "./workload";

const CLIENTS = 100;
const SAMPLED = 10;
const RATES = [10, 30, 100, 300, 1000, 3000, 10_000];
const CONTESTANTS: readonly Contestant[] = hasFloor ? ["core", "sensorcast", "floor"] : ["core", "sensorcast"];
/** More than this lost: its latency says how long its queue is, no more. */
const OVERLOADED_SHARE = 0.01;

/** Latency and CPU from idle to more than the core nodes can take. */
export const loadCurve: Workload = {
  name: "load-curve",
  async run(options) {
    const figures: Record<string, Figures> = {};
    const rows: string[][] = [];
    for (const perSecond of RATES) {
      for (const contestant of CONTESTANTS) {
        const shape = { contestant, clients: CLIENTS, perSecond, sampled: SAMPLED };
        const measured = figuresOf(await measureFanOut(`load-curve ${perSecond}/s`, shape, options));
        figures[nameOf(contestant, perSecond)] = measured;
        const { deliveredShare, p50Ms, p99Ms, cpu } = measured;
        rows.push([
          count(perSecond),
          contestant,
          percent(deliveredShare),
          preciseMs(p50Ms),
          preciseMs(p99Ms),
          percent(cpu),
        ]);
      }
    }
    return {
      title: `${CLIENTS} clients, from few readings to many`,
      table: { columns: ["readings/s", "server", "delivered", "latency p50", "p99", "CPU"], rows },
      targets: [],
      figures,
    };
  },
};

/** @param figures as the workload gives them */
export function loadCharts(figures: Readonly<Record<string, Figures>>): LineChart[] {
  const chart = (title: string, y: string, figure: (figures: Figures) => number | undefined): LineChart => ({
    title,
    x: `readings per second, to ${CLIENTS} clients each`,
    y,
    lines: CONTESTANTS.map((contestant) => ({
      name: contestant,
      points: RATES.flatMap((rate) => {
        const measured = figures[nameOf(contestant, rate)];
        const value = measured && figure(measured);
        const isOverloaded = 1 - (measured?.deliveredShare ?? 1) > OVERLOADED_SHARE;
        return value === undefined || isOverloaded ? [] : [[rate, value] as const];
      }),
    })),
  });
  return [
    chart("Latency, median", "ms", ({ p50Ms }) => p50Ms),
    chart("Latency, 99th percentile", "ms", ({ p99Ms }) => p99Ms),
    chart("CPU, of one core", "%", ({ cpu }) => (cpu === undefined ? undefined : Math.max(0.1, cpu * 100))),
  ];
}

function nameOf(contestant: Contestant, perSecond: number): string {
  return `${contestant} at ${perSecond}/s`;
}
