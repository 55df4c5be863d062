import { describeMachine } from "./machine";
import { count, type Figures, kibibytes, markdown, mebibytes, ms, percent, preciseMs, us } from "./report";
import type { Results } from "./results";

const START = "<!-- measured: written by npm run bench:readme -->";
const END = "<!-- /measured -->";

interface Line {
  readonly workload: string;
  readonly says: string;
  cell(figures: Figures): string;
}

const throughput = ({ deliveriesPerSecond, deliveredShare = 1, lost, cpu }: Figures): string =>
  `${count(deliveriesPerSecond)} deliveries/s, ${lost === 0 ? "none" : percent(1 - deliveredShare)} lost, ${percent(cpu)} CPU`;
const latency = ({ p50Ms, p99Ms, cpu }: Figures): string =>
  `median ${preciseMs(p50Ms)}, p99 ${preciseMs(p99Ms)}, ${percent(cpu)} CPU`;
const stall = ({ keptBytes, lost }: Figures): string =>
  `${mebibytes(keptBytes)} more memory, the others lose ${lost === 0 ? "nothing" : count(lost)}`;

/** The rows of the README's table, as its readers know them. */
const LINES: readonly Line[] = [
  { workload: "10x20", says: "10 clients, 20 readings/s", cell: latency },
  { workload: "100x300", says: "100 clients, 300 readings/s", cell: latency },
  {
    workload: "1000x50",
    says: "1000 clients, 50 readings/s",
    cell: ({ cpuUsPerDelivery }) => `${us(cpuUsPerDelivery)} of CPU per delivery`,
  },
  { workload: "1000x1000", says: "1000 clients, 1000 readings/s", cell: throughput },
  { workload: "10000x100", says: "10 000 clients, 100 readings/s", cell: throughput },
  {
    workload: "10x30000",
    says: "10 clients, 30 000 datagrams/s",
    cell: ({ deliveredShare, cpu }) => `${percent(deliveredShare)} delivered, ${percent(cpu)} CPU`,
  },
  { workload: "stalled", says: "40 of 200 clients stall, 500 KB/s each", cell: stall },
  {
    workload: "freshness",
    says: "clients that read 5 to 400 KB/s of 1 MB/s: the oldest reading they see",
    cell: ({ leastOldestMs, mostOldestMs }) => `${ms(leastOldestMs)} to ${ms(mostOldestMs)}`,
  },
  { workload: "idle", says: "an idle client", cell: ({ bytesPerClient }) => kibibytes(bytesPerClient) },
];

/** @returns the README with what was measured in its place. @throws {Error} if it has none */
export function withMeasured(readme: string, results: Results): string {
  const start = readme.indexOf(START);
  const end = readme.indexOf(END);
  if (start === -1 || end === -1) throw new Error(`the README has no lines "${START}" and "${END}"`);
  return `${readme.slice(0, start + START.length)}\n${section(results)}\n${readme.slice(end)}`;
}

function section({ date, machine, workloads }: Results): string {
  const measured = LINES.filter(({ workload }) => workloads[workload] !== undefined);
  const rows = measured.map(({ workload, says, cell }) => {
    const { core, sensorcast, floor } = workloads[workload] ?? {};
    return [says, ...[core, sensorcast, floor].map((figures) => (figures === undefined ? "" : cell(figures)))];
  });
  const columns = ["workload", "core nodes", "Sensorcast", "C floor"];
  return `${markdown({ columns, rows })}\n\nMeasured on ${date}: ${describeMachine(machine)}`;
}
