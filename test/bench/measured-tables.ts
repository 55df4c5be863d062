import { bytes, count, type Figures, kibibytes, mebibytes, ms, percent, preciseMs, type Table, us } from "./report";
import type { Results } from "./results";
import { OTHER_NODE } from "./workloads/fan-out-measurement";
import { DIMENSIONS, labelOf, workloadOf } from "./workloads/growth";

/** One line of a table: a workload, and what is said of each contestant. */
interface Line {
  readonly workload: string;
  readonly says: string;
  cell(figures: Figures): string;
}

const latency = ({ p50Ms, p99Ms, cpu }: Figures): string =>
  `median ${preciseMs(p50Ms)}, p99 ${preciseMs(p99Ms)}, ${percent(cpu)} CPU`;
const cost = (figures: Figures): string => `${us(figures.cpuUsPerDelivery)} of CPU per delivery, ${waits(figures)}`;
const waits = ({ p50Ms, p99Ms }: Figures): string => `median ${preciseMs(p50Ms)}, p99 ${preciseMs(p99Ms)}`;
const lostShare = ({ deliveredShare = 1, lost }: Figures): string => {
  if (lost === 0) return "none lost";
  const share = 1 - deliveredShare;
  return `${share < 0.01 ? "less than 1 %" : percent(share)} lost`;
};
const throughput = (figures: Figures): string =>
  `${count(figures.deliveriesPerSecond)} deliveries/s, ${lostShare(figures)}, ${percent(figures.cpu)} CPU`;
const loop = ({ loopCpu }: Figures): string => (loopCpu === undefined ? "" : `, event loop ${percent(loopCpu)}`);
const stall = ({ keptBytes, lost, p99Ms, p99AloneMs }: Figures): string =>
  `${mebibytes(keptBytes)} more memory, the others lose ${lost === 0 ? "nothing" : count(lost)}, ` +
  `their p99 ${preciseMs(p99Ms)}, before ${preciseMs(p99AloneMs)}`;

const FAN_OUTS: readonly Line[] = [
  { workload: "10x20", says: "10 clients, 20 readings/s", cell: latency },
  { workload: "100x300", says: "100 clients, 300 readings/s", cell: latency },
  { workload: "1000x50", says: "1000 clients, 50 readings/s", cell: cost },
  { workload: "1000x1000", says: "1000 clients, 1000 readings/s", cell: throughput },
  { workload: "10000x100", says: "10 000 clients, 100 readings/s", cell: throughput },
  {
    workload: "10x30000",
    says: "10 clients, 30 000 datagrams/s",
    cell: (figures) => `${lostShare(figures)}, ${percent(figures.cpu)} CPU${loop(figures)}`,
  },
];

/** As readers of the README know them. */
const BESIDE_OTHERS: readonly Line[] = [
  ...FAN_OUTS,
  {
    workload: "blocked",
    says: "Node-RED busy with something else for 2 s, 20 000 datagrams/s",
    cell: ({ lost, sentWhileBlocked }) => {
      const losses = lost === 0 ? "none lost" : `${count(lost)} lost, then and just after`;
      return `${count(sentWhileBlocked)} sent meanwhile, ${losses}`;
    },
  },
  { workload: "stalled", says: "40 of 200 clients stall, 500 KB/s each", cell: stall },
  {
    workload: "freshness",
    says: "clients that read 5 to 400 KB/s of 1 MB/s: the oldest reading they see",
    cell: ({ leastOldestMs, mostOldestMs }) => `${ms(leastOldestMs)} to ${ms(mostOldestMs)}`,
  },
  { workload: "idle", says: "an idle client", cell: ({ bytesPerClient }) => kibibytes(bytesPerClient) },
];

function besideOthers({ workloads }: Results): Table {
  const rows = BESIDE_OTHERS.flatMap(({ workload, says, cell }) => {
    const measured = workloads[workload];
    if (measured === undefined) return [];
    return [[says, ...["core", "sensorcast", "floor"].map((name) => cellOf(measured[name], cell))]];
  });
  return { columns: ["workload", "core nodes", "Sensorcast", "C floor"], rows };
}

/** What a setting, a thread or a process costs and brings. */
interface Choice extends Line {
  readonly without: string;
  readonly with: string;
}

const throughputOfLoop = (figures: Figures): string =>
  `${throughput(figures)}${loop(figures)}, its delay p99 ${ms(figures.loopDelayP99Ms)}${sendersMemory(figures)}`;
const sendersMemory = ({ sendersBytesBefore: before, sendersBytesAfter: after }: Figures): string =>
  before === undefined
    ? ""
    : `; the sender with its clients takes ${mebibytes(before)} before, ${mebibytes(after)} after`;

const CHOICES: readonly Choice[] = [
  {
    workload: "one-sender",
    says: "a sender process (on the same core), 1000 clients, 1000 readings/s",
    without: "sensorcast",
    with: "with one sender",
    cell: throughputOfLoop,
  },
  {
    workload: "compress",
    says: "`compress`, 1000 clients, 1000 readings/s",
    without: "off",
    with: "on",
    cell: (figures) =>
      `${bytes(figures.bytesPerReading)} per reading on the wire, ${us(figures.cpuUsPerDelivery)} of CPU per delivery, ${waits(figures)}`,
  },
  ...[100, 10_000].map((rate) => ({
    workload: "receiver",
    says: `the receiver thread, ${count(rate)} datagrams/s (nothing but received)`,
    without: `main at ${rate}`,
    with: `thread at ${rate}`,
    cell: (figures: Figures) => `${us(figures.cpuUs)} of CPU per datagram, ${waits(figures)}`,
  })),
  {
    workload: "history",
    says: "a full history of 16 MiB; then 100 clients ask for all of it",
    without: "without",
    with: "kept",
    cell: ({ cpuUs, p99Ms }) => `${us(cpuUs)} of CPU to publish a reading, others' p99 ${preciseMs(p99Ms)}`,
  },
];

function choices({ workloads }: Results): Table {
  const rows = CHOICES.flatMap((choice) => {
    const measured = workloads[choice.workload];
    if (measured === undefined) return [];
    return [[choice.says, cellOf(measured[choice.without], choice.cell), cellOf(measured[choice.with], choice.cell)]];
  });
  return { columns: ["what", "without", "with"], rows };
}

function otherNode({ machine, otherNode: other, workloads }: Results): Table {
  const rows = FAN_OUTS.flatMap(({ workload, says, cell }) => {
    const { sensorcast, [OTHER_NODE]: onOther } = workloads[workload] ?? {};
    return onOther === undefined ? [] : [[says, cellOf(sensorcast, cell), cell(onOther)]];
  });
  return { columns: ["Sensorcast", `on Node ${machine.node}`, `on Node ${other}`], rows };
}

function growth({ workloads }: Results): Table {
  const rows = DIMENSIONS.flatMap((dimension) =>
    dimension.variants.flatMap(({ name }) => {
      const measured = workloads[workloadOf(dimension)];
      if (measured === undefined) return [];
      const says = dimension.variants.length > 1 ? `${dimension.title}, ${name}` : dimension.title;
      const cells = dimension.sizes.flatMap((size) => growthCell(size, measured[labelOf(name, size)]));
      return cells.length === 0 ? [] : [[says, cells.join(", ")]];
    }),
  );
  return { columns: ["what grows", "CPU per delivery"], rows };
}

/** Of a server that could not keep up, its cost says nothing. */
function growthCell(size: number, figures: Figures | undefined): string[] {
  if (figures === undefined) return [];
  const { lost, cpuUsPerDelivery } = figures;
  return [`${count(size)}: ${us(cpuUsPerDelivery)}${lost === 0 ? "" : ` (${lostShare(figures)})`}`];
}

function decoding({ workloads }: Results): Table {
  const costs = Object.entries(workloads.decoders ?? {}).sort(([, a], [, b]) => (a.cpuUs ?? 0) - (b.cpuUs ?? 0));
  const cells = costs.map(([format, { cpuUs }]) => `\`${format}\` ${us(cpuUs)}`);
  return { columns: ["decoding a datagram of one reading"], rows: cells.length === 0 ? [] : [[cells.join(", ")]] };
}

function livePage({ workloads }: Results): Table {
  const figures = workloads["live-page"]?.sensorcast;
  const columns = [
    "the live page with 1000 topics, ten readings/s each",
    "frames/s",
    "heap after 2 minutes",
    "at the end",
  ];
  if (figures === undefined) return { columns, rows: [] };
  const { minutes, framesPerSecond, heapAtMinute2Bytes, heapAtEndBytes } = figures;
  const [settled, end] = [mebibytes(heapAtMinute2Bytes), mebibytes(heapAtEndBytes)];
  return { columns, rows: [[`headless Chromium, ${count(minutes)} minutes`, count(framesPerSecond), settled, end]] };
}

function cellOf(figures: Figures | undefined, cell: (figures: Figures) => string): string {
  return figures === undefined ? "" : cell(figures);
}

/** Those of the README's section, in their order; without rows where nothing was measured. */
export const MEASURED_TABLES: readonly ((results: Results) => Table)[] = [
  besideOthers,
  choices,
  otherNode,
  growth,
  decoding,
  livePage,
];
