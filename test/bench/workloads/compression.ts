import { atLeast, atMost, bytes, count, ms, percent, preciseMs, us } from "../report";
import type { Contestant } from "../server-under-test";
import { type FanOutFigures, figuresOf, measureFanOut } from "./fan-out-measurement";
import { disturbances, type RunOptions, type Workload } from "./workload";

const CLIENTS = 1000;
const PER_SECOND = 1000;
/** They decompress what they get, and check that it follows from what came before. */
const SAMPLED = 8;
const OFF = "off";
const ON = "on";

/** With clients that all offer permessage-deflate, as browsers do. */
function measure(contestant: Contestant, options: RunOptions): Promise<FanOutFigures> {
  const shape = { contestant, clients: CLIENTS, perSecond: PER_SECOND, sampled: SAMPLED, deflate: true };
  return measureFanOut("compress", shape, options);
}

/** What it costs and saves to compress for all clients at once. */
export const compression: Workload = {
  name: "compress",
  async run(options) {
    const off = await measure("sensorcast", options);
    const on = await measure("compress", options);
    return {
      title: `${CLIENTS} clients × ${PER_SECOND} readings/s, compress off and on`,
      table: { columns: COLUMNS, rows: [cells(OFF, off), cells(ON, on)] },
      targets: [
        atMost("compress: bytes per reading", on.bytesPerReading / off.bytesPerReading, 0.25, percent),
        atLeast("compress: readings in compressed messages", on.compressedShare, 0.95, percent),
        atMost("compress: readings missing from the decompressed streams", on.groups.clients?.gaps, 0, count),
      ],
      figures: { [OFF]: figuresOf(off), [ON]: figuresOf(on) },
    };
  },
  async figures(options) {
    const row = await measure("compress", options);
    return [
      { what: "CPU per delivery", value: row.cpuUsPerDelivery, unit: us },
      { what: "bytes per reading", value: row.bytesPerReading, unit: bytes },
      { what: "latency p50", value: row.latency?.p50Ms ?? Number.NaN, unit: preciseMs },
      { what: "latency p99", value: row.latency?.p99Ms ?? Number.NaN, unit: preciseMs },
    ];
  },
};

const COLUMNS = [
  "compress",
  "deliveries/s",
  "lost",
  "bytes per reading",
  "readings compressed",
  "CPU",
  "loop CPU",
  "CPU per delivery",
  "latency p50",
  "p99",
  "loop delay p99",
  "load CPU",
  "note",
];

function cells(name: string, row: FanOutFigures): string[] {
  return [
    name,
    count(row.deliveries),
    count(row.lost),
    bytes(row.bytesPerReading),
    percent(row.compressedShare),
    percent(row.serverCpu),
    percent(row.loopCpu),
    us(row.cpuUsPerDelivery),
    preciseMs(row.latency?.p50Ms),
    preciseMs(row.latency?.p99Ms),
    ms(row.loopDelayP99Ms),
    percent(row.loadCpu),
    disturbances(row),
  ];
}
