import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import { nowUs, type Reading } from "./reading";

export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
  /** Of the client in the middle and of the one that is worst off. */
  readonly clients: { readonly p99Ms: Spread; readonly meanMs: Spread };
}

export interface Spread {
  readonly median: number;
  readonly worst: number;
}

/** Two digits of up to ten minutes: a histogram for each client must not take megabytes. */
const HISTOGRAM = { lowest: 1, highest: 600_000_000, figures: 2 };

/** What one client has read. */
interface Sampled {
  readonly ages: RecordableHistogram;
  nextSeq: number;
}

/** Reads the readings of a few clients in full: their age, their order and their topics. */
export class Sampler {
  /** Readings whose sequence number was not the next one. */
  gaps = 0;
  #ages = createHistogram();
  #sensors = new Set<string>();
  readonly #clients = new Map<object, Sampled>();

  /** @param client whose reading it is */
  add(client: object, bytes: Buffer, start: number, end: number): void {
    const { sensor, seq, t } = JSON.parse(bytes.toString("latin1", start, end)) as Reading;
    const ageUs = Math.max(1, nowUs() - t);
    this.#ages.record(ageUs);
    this.#sensors.add(sensor);
    const sampled = this.#clients.get(client);
    if (sampled === undefined) {
      this.#clients.set(client, { ages: createHistogram(HISTOGRAM), nextSeq: seq + 1 });
      return;
    }
    sampled.ages.record(ageUs);
    if (seq !== sampled.nextSeq) this.gaps++;
    sampled.nextSeq = seq + 1;
  }

  /** Forgets what was sampled so far. */
  reset(): void {
    this.gaps = 0;
    this.#ages = createHistogram();
    this.#sensors = new Set();
    for (const { ages } of this.#clients.values()) ages.reset();
  }

  get latency(): Latency | undefined {
    if (this.#ages.count === 0) return undefined;
    const ages = Array.from(this.#clients.values(), (client) => client.ages).filter(({ count }) => count > 0);
    return {
      p50Ms: this.#ages.percentile(50) / 1000,
      p99Ms: this.#ages.percentile(99) / 1000,
      p999Ms: this.#ages.percentile(99.9) / 1000,
      maxMs: this.#ages.max / 1000,
      clients: {
        p99Ms: spreadOf(ages.map((each) => each.percentile(99) / 1000)),
        meanMs: spreadOf(ages.map((each) => each.mean / 1000)),
      },
    };
  }

  get topics(): number {
    return this.#sensors.size;
  }
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1] ?? Number.NaN, worst: sorted.at(-1) ?? Number.NaN };
}
