import { setTimeout } from "node:timers/promises";
import type { FrameSink } from "../../../nodes/lib/ws/hub/frame-sink";
import { Hub } from "../../../nodes/lib/ws/hub/hub";
import type { EncodedPayload } from "../../../nodes/lib/ws/hub/payload";
import type { Subscription } from "../../../nodes/lib/ws/hub/subscription";
import { FrameCounter } from "../load/frame-counter";
import { type Feed, nowUs, writeReading } from "../load/reading";
import { type Latency, Sampler } from "../load/sampler";
import { atMost, count, known, mebibytes, percent, preciseMs, us } from "../report";
import type { Workload } from "./workload";

const TOPICS = 50;
const HISTORY = { readings: 0, seconds: 0, bytes: 16 * 1024 * 1024 };
const LOG_BYTES = 8 * 1024 * 1024;
/** Of 100 bytes: more than the history holds. */
const FILLING = 200_000;
const FAST_FEED = 30_000;
const MAX_SHARE = 0.03;
const ROUND = 30_000;

const LIVE_FEED: Feed = { perSecond: 500, topics: TOPICS, bytes: 100 };
const LIVE = 10;
const JOINING = 100;
const MAX_DELAY_MS = 10;
const TICK_MS = 2;
const POLL_MS = 20;
const EVERYTHING: Subscription = {
  filters: [],
  granted: undefined,
  mode: "stream",
  every: 0,
  envelope: undefined,
  since: undefined,
  replay: false,
};

/** What it costs to keep a history, and what those who are sent it cost others, in the process of the benchmark itself. */
export const history: Workload = {
  name: "history",
  async run({ seconds, progress }) {
    progress("history: kept");
    const { without, kept } = costsOf(seconds * 1000);
    progress("history: sent");
    const { alone, beside, sent } = await joining(seconds * 1000);
    const share = ((kept - without) * FAST_FEED) / 1e6;
    return {
      title: `A full history of 16 MiB: kept, and sent to ${JOINING} clients at once beside ${LIVE} that get ${LIVE_FEED.perSecond} readings/s`,
      table: {
        columns: [
          "publishing a reading",
          "with history",
          `of a core at ${count(FAST_FEED)}/s`,
          ...LATENCIES,
          "bytes of histories",
        ],
        rows: [[us(without), us(kept), percent(share), ...cells(alone), ...cells(beside), mebibytes(sent)]],
      },
      figures: {
        without: known({ cpuUs: without, p99Ms: alone?.p99Ms }),
        kept: known({ cpuUs: kept, p99Ms: beside?.p99Ms }),
      },
      targets: [
        atMost(`history: of a core at ${count(FAST_FEED)} readings/s`, share, MAX_SHARE, percent),
        atMost(
          "history: p99 of others, longer by",
          (beside?.p99Ms ?? Number.NaN) - (alone?.p99Ms ?? 0),
          MAX_DELAY_MS,
          preciseMs,
        ),
      ],
    };
  },
};

const LATENCIES = ["others' p50 before", "p99", "max", "p50 meanwhile", "p99", "max"];

function cells(latency: Latency | undefined): string[] {
  return [preciseMs(latency?.p50Ms), preciseMs(latency?.p99Ms), preciseMs(latency?.maxMs)];
}

/** Of one reading, in µs: the median of rounds that take turns. */
function costsOf(forMs: number): { without: number; kept: number } {
  const hubs = { without: hubWith(undefined), kept: hubWith(HISTORY) };
  const costs = { without: [] as number[], kept: [] as number[] };
  for (const hub of Object.values(hubs)) publish(hub, FILLING);
  for (const end = performance.now() + forMs; performance.now() < end; ) {
    for (const name of ["without", "kept"] as const) {
      const { user, system } = process.cpuUsage();
      publish(hubs[name], ROUND);
      const after = process.cpuUsage();
      costs[name].push((after.user + after.system - user - system) / ROUND);
    }
  }
  return { without: median(costs.without), kept: median(costs.kept) };
}

function hubWith(history: typeof HISTORY | undefined): Hub {
  const onError = (error: unknown): never => {
    throw error;
  };
  return new Hub({ slow: "skip", maxAge: 1000, logBytes: LOG_BYTES, history, onError });
}

function publish(hub: Hub, readings: number): void {
  const payload = payloadOf(0);
  for (let i = 0; i < readings; i++) hub.publish(`s${i % TOPICS}`, payload);
}

function payloadOf(seq: number, dueUs = nowUs()): EncodedPayload {
  return { kind: "json", body: writeReading(seq, dueUs, LIVE_FEED) };
}

/** Takes everything at once. */
class Sink implements FrameSink {
  readonly writableLength = 0;
  readonly #onWrite: (frames: Buffer) => void;

  constructor(onWrite: (frames: Buffer) => void) {
    this.#onWrite = onWrite;
  }

  write(frames: Buffer): boolean {
    this.#onWrite(frames);
    return true;
  }

  whenTaken(): void {}
}

async function joining(
  forMs: number,
): Promise<{ alone: Latency | undefined; beside: Latency | undefined; sent: number }> {
  const hub = hubWith(HISTORY);
  publish(hub, FILLING);
  const sampler = new Sampler();
  for (let i = 0; i < LIVE; i++) {
    const counter = new FrameCounter({
      reading: (bytes, start, end) => sampler.add(counter, bytes, start, end),
      control: () => undefined,
    });
    hub.join(new Sink((frames) => counter.feed(frames)), EVERYTHING);
  }
  const stopFeed = feed(hub);
  await setTimeout(forMs / 2);
  const alone = sampler.latency;
  sampler.reset();
  let sent = 0;
  const joined = Array.from({ length: JOINING }, () =>
    hub.join(
      new Sink((frames) => {
        sent += frames.length;
      }),
      { ...EVERYTHING, history: { readings: 1_000_000 } },
    ),
  );
  while (joined.some(({ isNewcomer }) => isNewcomer)) await setTimeout(POLL_MS);
  const beside = sampler.latency;
  stopFeed();
  hub.close();
  return { alone, beside, sent };
}

/** Publishes readings as they are due. @returns stops that */
function feed(hub: Hub): () => void {
  const startUs = nowUs();
  let published = 0;
  const dueUs = (): number => startUs + Math.floor((published * 1e6) / LIVE_FEED.perSecond);
  const ticker = setInterval(() => {
    for (const now = nowUs(); dueUs() <= now; published++) {
      hub.publish(`s${published % TOPICS}`, payloadOf(published, dueUs()));
    }
  }, TICK_MS);
  return () => clearInterval(ticker);
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
