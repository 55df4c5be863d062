import { setTimeout } from "node:timers/promises";
import { atLeast, atMost, count, type Figures, known, ms, type Target } from "../report";
import { Rig, type Window } from "../rig";
import type { Flow } from "../server-under-test";
import { disturbances, type RunOptions, type Workload } from "./workload";

const READERS_KB_PER_SECOND = [5, 20, 100, 400];
const TOPICS = 50;
const FEED = { perSecond: 10_000, topics: TOPICS, bytes: 100 };
/** Of what a server is asked to keep to, 1000 ms. */
const MAX_AGE_MS = 600;
/** In proportion to the window: at the default of 5 s, 10 s each. */
const SETTLING_WINDOWS = 2;
const MEASURED_WINDOWS = 2;

const QUERY: Readonly<Record<Flow, string>> = { sensorcast: "?mode=latest", core: "" };

async function measure(contestant: Flow, options: RunOptions): Promise<Window> {
  const { seconds, progress } = options;
  progress(`freshness: ${contestant}`);
  const rig = await Rig.start(contestant, options);
  try {
    for (const rate of READERS_KB_PER_SECOND) {
      const reader = { clients: 1, sampled: 1, bytesPerSecond: rate * 1000 };
      await rig.connect({ name: nameOf(rate), query: QUERY[contestant], ...reader });
    }
    await rig.send(FEED);
    await setTimeout(seconds * SETTLING_WINDOWS * 1000);
    return await rig.measure(seconds * MEASURED_WINDOWS, `freshness-${contestant}`);
  } finally {
    await rig.stop();
  }
}

/** How old what slow readers see is, after a time to settle. */
export const freshness: Workload = {
  name: "freshness",
  async run(options) {
    const core = await measure("core", options);
    const sensorcast = await measure("sensorcast", options);
    const settling = options.seconds * SETTLING_WINDOWS;
    return {
      title: `Slow readers of a feed of 1 MB/s over ${TOPICS} topics, after ${settling} s (latest mode)`,
      table: {
        columns: ["server", "reader", "oldest seen", "p50", "topics seen", "note"],
        rows: [...rowsOf("core", core), ...rowsOf("sensorcast", sensorcast)],
      },
      figures: { core: figuresOf(core), sensorcast: figuresOf(sensorcast) },
      targets: READERS_KB_PER_SECOND.flatMap((rate) => targetsOf(rate, sensorcast)),
    };
  },
  async figures(options) {
    const { groups } = await measure("sensorcast", options);
    return READERS_KB_PER_SECOND.map((rate) => ({
      what: `oldest seen at ${nameOf(rate)}`,
      value: groups[nameOf(rate)]?.latency?.maxMs ?? Number.NaN,
      unit: ms,
    }));
  },
};

function rowsOf(name: string, window: Window): string[][] {
  return READERS_KB_PER_SECOND.map((rate) => {
    const { latency, topics } = window.groups[nameOf(rate)] ?? {};
    return [name, nameOf(rate), ms(latency?.maxMs), ms(latency?.p50Ms), count(topics), disturbances(window)];
  });
}

function figuresOf({ groups }: Window): Figures {
  const oldest = READERS_KB_PER_SECOND.map((rate) => groups[nameOf(rate)]?.latency?.maxMs);
  const [least, most] = [Math.min(...oldest.map(orNaN)), Math.max(...oldest.map(orNaN))];
  return known({ leastOldestMs: least, mostOldestMs: most });
}

function orNaN(value: number | undefined): number {
  return value ?? Number.NaN;
}

function targetsOf(rate: number, window: Window): Target[] {
  const { latency, topics } = window.groups[nameOf(rate)] ?? {};
  return [
    atMost(`reader at ${nameOf(rate)}: oldest seen`, latency?.maxMs, MAX_AGE_MS, ms),
    atLeast(`reader at ${nameOf(rate)}: topics seen`, topics, TOPICS, count),
  ];
}

function nameOf(rate: number): string {
  return `${rate} KB/s`;
}
