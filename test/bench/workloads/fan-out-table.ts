import { count, mebibytes, ms, percent, preciseMs, type Table, times, us } from "../report";
import type { FanOutFigures } from "./fan-out-measurement";
import { disturbances } from "./workload";

/** Who was measured, and what came of it. @param base what others are compared with */
export function fanOutTable(rows: Readonly<Record<string, FanOutFigures>>, base: FanOutFigures): Table {
  return { columns: COLUMNS, rows: Object.entries(rows).map(([name, row]) => cells(name, row, base)) };
}

const COLUMNS = [
  "server",
  "deliveries/s",
  "ratio",
  "delivered",
  "lost",
  "kernel drops",
  "CPU",
  "loop CPU",
  "CPU per delivery",
  "ratio",
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

function cells(name: string, row: FanOutFigures, base: FanOutFigures): string[] {
  const { latency } = row;
  return [
    name,
    count(row.deliveries),
    times(row.deliveries / base.deliveries),
    percent(row.deliveredShare),
    count(row.lost),
    count(row.kernelDrops),
    percent(row.serverCpu),
    percent(row.loopCpu),
    us(row.cpuUsPerDelivery),
    times(row.cpuUsPerDelivery / base.cpuUsPerDelivery),
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
