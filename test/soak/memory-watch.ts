import { readFileSync } from "node:fs";
import type { FlowProcess } from "../support/flow-process";
import { descendantsOf } from "../support/process-usage";

const MB = 1024 * 1024;
const KB_PER_MB = 1024;

/** Time in ms, and MB. */
export type Level = readonly [ms: number, mb: number];

export interface MemoryReport {
  /** What the system has given to Node-RED (RSS), with what its allocator keeps for later. */
  readonly resident: readonly Level[];
  /** What Node-RED refers to: its heap and its buffers, after collecting garbage. */
  readonly inUse: readonly Level[];
  /** The most that a sender process has had, in MB; 0 if there was none. */
  readonly senderPeakMb: number;
}

/** Follows the memory of a Node-RED and of its sender processes. */
export class MemoryWatch implements MemoryReport {
  readonly resident: Level[] = [];
  readonly inUse: Level[] = [];
  senderPeakMb = 0;
  readonly #nodeRed: FlowProcess;
  readonly #collectEveryMs: number;
  #collectedAt = 0;

  /** @param collectEveryMs garbage is collected so seldom that it is Node-RED which decides how much of it lies around */
  constructor(nodeRed: FlowProcess, collectEveryMs: number) {
    this.#nodeRed = nodeRed;
    this.#collectEveryMs = collectEveryMs;
  }

  /** @returns whether garbage was collected, in a turn that is not Node-RED's own */
  async sample(atMs: number): Promise<boolean> {
    const { probe, pid } = this.#nodeRed;
    const { rss } = await probe.call("memory");
    this.resident.push([atMs, rss / MB]);
    this.senderPeakMb = Math.max(this.senderPeakMb, ...descendantsOf(pid).map(residentMb));
    if (atMs - this.#collectedAt < this.#collectEveryMs) return false;
    this.#collectedAt = atMs;
    await probe.call("collectGarbage");
    const { heapUsed, external } = await probe.call("memory");
    this.inUse.push([atMs, (heapUsed + external) / MB]);
    return true;
  }
}

/** 0 for a process that has just ended. */
function residentMb(pid: number): number {
  try {
    const [, kb = "0"] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1")) ?? [];
    return Number(kb) / KB_PER_MB;
  } catch {
    return 0;
  }
}
