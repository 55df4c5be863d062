import { createHistogram } from "node:perf_hooks";
import { nowUs, type Reading } from "./reading";

export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Reads the readings of a few clients in full: their age, their order and their topics. */
export class Sampler {
  /** Readings whose sequence number was not the next one. */
  gaps = 0;
  #ages = createHistogram();
  #sensors = new Set<string>();
  readonly #nextSeq = new Map<object, number>();

  /** @param client whose reading it is */
  add(client: object, bytes: Buffer, start: number, end: number): void {
    const { sensor, seq, t } = JSON.parse(bytes.toString("latin1", start, end)) as Reading;
    this.#ages.record(Math.max(1, nowUs() - t));
    this.#sensors.add(sensor);
    const nextSeq = this.#nextSeq.get(client);
    if (nextSeq !== undefined && seq !== nextSeq) this.gaps++;
    this.#nextSeq.set(client, seq + 1);
  }

  /** Forgets what was sampled so far. */
  reset(): void {
    this.gaps = 0;
    this.#ages = createHistogram();
    this.#sensors = new Set();
  }

  get latency(): Latency | undefined {
    if (this.#ages.count === 0) return undefined;
    return {
      p50Ms: this.#ages.percentile(50) / 1000,
      p99Ms: this.#ages.percentile(99) / 1000,
      maxMs: this.#ages.max / 1000,
    };
  }

  get topics(): number {
    return this.#sensors.size;
  }
}
