import { hasFloor } from "../floor/floor";
import { count, type Figures, percent, preciseMs } from "../report";
import type { Contestant } from "../server-under-test";
import { figuresOf, measureFanOut } from "./fan-out-measurement";
import { labelOf } from "./growth";
import type { Workload } from "./workload";

export const CLIENTS = 100;
const SAMPLED = 10;
const LOW_RATES = [10, 30, 100];
const HIGH_RATES = [300, 1000, 3000, 10_000];
export const RATES = [...LOW_RATES, ...HIGH_RATES];
export const CONTESTANTS: readonly Contestant[] = ["core", "sensorcast", "one sender", "floor"];

/** Latency and CPU at some rates, of all contestants in turns. */
function loadCurveAt(name: string, rates: readonly number[]): Workload {
  return {
    name,
    async run(options) {
      const figures: Record<string, Figures> = {};
      const rows: string[][] = [];
      for (const perSecond of rates) {
        for (const contestant of CONTESTANTS) {
          if (contestant === "floor" && !hasFloor) continue;
          const shape = { contestant, clients: CLIENTS, perSecond, sampled: SAMPLED };
          const measured = figuresOf(await measureFanOut(`${name} ${perSecond}`, shape, options));
          figures[labelOf(contestant, perSecond)] = measured;
          rows.push([count(perSecond), contestant, ...cells(measured)]);
        }
      }
      return {
        title: `${CLIENTS} clients, ${count(rates[0])} to ${count(rates.at(-1))} readings/s`,
        table: { columns: ["readings/s", "server", "delivered", "latency p50", "p99", "CPU", "loop CPU"], rows },
        targets: [],
        figures,
      };
    },
  };
}

/** From idle to more than the core nodes can take, in two parts of a few minutes each. */
export const loadCurve: readonly Workload[] = [
  loadCurveAt("load-curve-low", LOW_RATES),
  loadCurveAt("load-curve-high", HIGH_RATES),
];

function cells({ deliveredShare, p50Ms, p99Ms, cpu, loopCpu }: Figures): string[] {
  return [percent(deliveredShare), preciseMs(p50Ms), preciseMs(p99Ms), percent(cpu), percent(loopCpu)];
}
