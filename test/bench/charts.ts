import type { LineChart } from "./line-chart";
import type { Figures } from "./report";
import type { Results } from "./results";
import { DIMENSIONS, growth, labelOf, workloadOf } from "./workloads/growth";
import { CLIENTS, CONTESTANTS, loadCurve, RATES } from "./workloads/load-curve";

type Labelled = Readonly<Record<string, Figures>>;

/** More than this lost: its latency says how long its queue is, no more. */
const OVERLOADED_SHARE = 0.01;
/** Less can't be told from nothing. */
const LEAST_CPU_PERCENT = 0.1;

/** Latency and CPU against load; none if that was not measured. */
export function loadCharts({ workloads }: Results): LineChart[] {
  const parts = loadCurve.map(({ name }) => workloads[name]);
  if (parts.includes(undefined)) return [];
  const measured: Labelled = Object.assign({}, ...parts);
  const chart = (title: string, y: string, figure: (figures: Figures) => number | undefined): LineChart => ({
    title,
    x: `readings/s, to ${CLIENTS} clients each`,
    y,
    lines: CONTESTANTS.map((contestant) => ({
      name: NAMES[contestant] ?? contestant,
      points: RATES.flatMap((rate) => pointOf(measured[labelOf(contestant, rate)], rate, figure)),
    })),
  });
  const cpuPercent = (share: number | undefined) => share && Math.max(LEAST_CPU_PERCENT, share * 100);
  return [
    chart("Latency, median", "ms", ({ p50Ms }) => p50Ms),
    chart("Latency, 99th percentile", "ms", ({ p99Ms }) => p99Ms),
    chart("CPU, of all processes", "% of a core", ({ cpu }) => cpuPercent(cpu)),
    chart("CPU of Node-RED's event loop", "% of a core", ({ loopCpu }) => cpuPercent(loopCpu)),
  ];
}

const NAMES: Readonly<Record<string, string>> = {
  core: "core nodes",
  sensorcast: "Sensorcast",
  "one sender": "Sensorcast, one sender",
  floor: "C floor",
};

/** Cost of a delivery as things grow; none if that was not measured. */
export function growthCharts({ workloads }: Results): LineChart[] {
  if (growth.some(({ name }) => workloads[name] === undefined)) return [];
  return DIMENSIONS.map((dimension) => ({
    title: `CPU per delivery against ${dimension.name}`,
    x: dimension.title,
    y: "µs",
    lines: dimension.variants.map(({ name }) => ({
      name,
      points: dimension.sizes.flatMap((size) =>
        pointOf(workloads[workloadOf(dimension)]?.[labelOf(name, size)], size, (figures) => figures.cpuUsPerDelivery),
      ),
    })),
  }));
}

function pointOf(
  figures: Figures | undefined,
  x: number,
  figure: (figures: Figures) => number | undefined,
): readonly (readonly [number, number])[] {
  const value = figures && figure(figures);
  const isOverloaded = 1 - (figures?.deliveredShare ?? 1) > OVERLOADED_SHARE;
  return value === undefined || isOverloaded ? [] : [[x, value]];
}
