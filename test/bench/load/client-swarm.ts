import { serve } from "../remote";
import { nowUs } from "./reading";
import { type Latency, Sampler } from "./sampler";
import { SwarmClient } from "./swarm-client";

const CONNECTING_AT_ONCE = 100;

export interface GroupOptions {
  readonly name: string;
  readonly clients: number;
  /** How many of them read their readings in full. */
  readonly sampled: number;
  readonly port: number;
  readonly path: string;
  readonly bytesPerSecond?: number;
  /** Clients that offer permessage-deflate. */
  readonly deflate?: boolean;
}

export interface GroupReport {
  /** All that were received since the clients connected. */
  readonly frames: number;
  /** Of `frames`, those that were compressed. */
  readonly compressed: number;
  /** With the headers of frames. */
  readonly bytes: number;
  /** Of the client that received least, and of the one that received most. */
  readonly fewest: number;
  readonly most: number;
  readonly closed: number;
  /** Since `reset`, of the sampled clients. */
  readonly latency?: Latency | undefined;
  readonly gaps: number;
  readonly topics: number;
}

export interface SwarmReport {
  readonly atUs: number;
  readonly cpuUs: number;
  readonly groups: Readonly<Record<string, GroupReport>>;
}

/** A process of many listeners. */
export interface ClientSwarm {
  /** Resolves when all clients of a new group are connected. */
  connect(options: GroupOptions): Promise<void>;
  /** Starts the sampling anew. */
  reset(): void;
  report(): SwarmReport;
  close(): void;
}

class Group {
  readonly #clients: SwarmClient[] = [];
  readonly #sampler = new Sampler();

  async connect({ clients, sampled, ...options }: GroupOptions): Promise<void> {
    // Evenly among all: a server that serves its clients in order serves some of them late.
    const isSampled = (n: number): boolean =>
      Math.floor(((n + 1) * sampled) / clients) > Math.floor((n * sampled) / clients);
    while (this.#clients.length < clients) {
      const batch = Array.from({ length: Math.min(CONNECTING_AT_ONCE, clients - this.#clients.length) }, (_, index) => {
        const sampler = isSampled(this.#clients.length + index) ? this.#sampler : undefined;
        return new SwarmClient({ ...options, sampler });
      });
      this.#clients.push(...batch);
      await Promise.all(batch.map((client) => client.open()));
    }
  }

  reset(): void {
    this.#sampler.reset();
  }

  report(): GroupReport {
    let frames = 0;
    let compressed = 0;
    let bytes = 0;
    let fewest = Number.MAX_SAFE_INTEGER;
    let most = 0;
    let closed = 0;
    for (const { counter, hasClosed } of this.#clients) {
      frames += counter.frames;
      compressed += counter.compressed;
      bytes += counter.bytes;
      fewest = Math.min(fewest, counter.frames);
      most = Math.max(most, counter.frames);
      if (hasClosed) closed++;
    }
    const { latency, gaps, topics } = this.#sampler;
    return { frames, compressed, bytes, fewest, most, closed, latency, gaps, topics };
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }
}

const groups = new Map<string, Group>();

serve<ClientSwarm>({
  connect(options) {
    const group = new Group();
    groups.set(options.name, group);
    return group.connect(options);
  },
  reset() {
    for (const group of groups.values()) group.reset();
  },
  report() {
    const { user, system } = process.cpuUsage();
    const reports = Array.from(groups, ([name, group]) => [name, group.report()] as const);
    return { atUs: nowUs(), cpuUs: user + system, groups: Object.fromEntries(reports) };
  },
  close() {
    for (const group of groups.values()) group.close();
    groups.clear();
  },
});
