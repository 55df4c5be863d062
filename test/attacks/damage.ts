import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Remote } from "../bench/remote";
import { type Schedule, scheduleOf } from "../support/process-usage";
import type { AttackedNodeRed } from "./attacked-node-red";
import type { LatencyProbe } from "./latency-probe";
import { PROBE_TOPIC } from "./steady-feed";

const QUIET_MS = 300;
const MEMORY_SETTLES_MS = 100;
const NOTABLE_BYTES = 2 ** 20;
/** A latency below is as good as any: there is no use in being a multiple of next to nothing. */
const MIN_REFERENCE_MS = 5;

/** What an attack has cost. */
export interface Damage {
  /** Processor time of the longest turn of the event loop. */
  readonly longestTurnMs: number;
  /**
   * Mean latency of a bystander's readings, in multiples of that before the attack; both without what is due to other
   * processes that had the processor.
   */
  readonly latencyRatio: number;
  /** More memory than before, with the garbage collected, at the height of the attack and after it. */
  readonly heldBytes: number;
  readonly keptBytes: number;
  readonly loggedBytes: number;
}

/** Measures what attacks do to a Node-RED, and to a bystander in a process of its own. */
export class DamageMeter {
  readonly #probe: Remote<LatencyProbe>;
  #memoryBefore = 0;
  #latencyBeforeMs = 0;
  #loggedBefore = 0;
  #schedule: Schedule = { ranMs: 0, waitedMs: 0 };

  constructor(private readonly nodeRed: AttackedNodeRed) {
    const child = spawn(process.execPath, ["-r", require.resolve("tsx/cjs"), join(__dirname, "latency-probe.ts")], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.#probe = new Remote<LatencyProbe>(child, "the bystander");
  }

  async start(): Promise<void> {
    const urls = this.nodeRed.ports.map((port) => `ws://127.0.0.1:${port}/ws?topic=${PROBE_TOPIC}`);
    await this.#probe.call("start", this.nodeRed.feedPort, urls);
    await this.nodeRed.probe.call("watchTurns");
  }

  async stop(): Promise<void> {
    await this.#probe.stop();
  }

  async begin(): Promise<void> {
    this.#memoryBefore = await this.#settledMemory();
    await this.#takeLatencyMs();
    await delay(QUIET_MS);
    this.#latencyBeforeMs = await this.#takeLatencyMs();
    this.#loggedBefore = this.nodeRed.log.length;
    await this.nodeRed.probe.call("takeLongestTurnMs");
  }

  /** At the height of the attack. */
  async sample(): Promise<Omit<Damage, "keptBytes">> {
    const latencyMs = await this.#takeLatencyMs();
    const longestTurnMs = await this.nodeRed.probe.call("takeLongestTurnMs");
    const loggedBytes = this.nodeRed.log.length - this.#loggedBefore;
    await this.nodeRed.probe.call("collectGarbage");
    const { rssBytes } = await this.nodeRed.probe.call("sample");
    return {
      longestTurnMs,
      latencyRatio: latencyMs / Math.max(this.#latencyBeforeMs, MIN_REFERENCE_MS),
      heldBytes: rssBytes - this.#memoryBefore,
      loggedBytes,
    };
  }

  async #takeLatencyMs(): Promise<number> {
    const latencyMs = await this.#probe.call("takeMeanMs");
    const before = this.#schedule;
    this.#schedule = this.#scheduled();
    const ranMs = this.#schedule.ranMs - before.ranMs;
    const waitedMs = this.#schedule.waitedMs - before.waitedMs;
    return ranMs > 0 ? (latencyMs * ranMs) / (ranMs + waitedMs) : latencyMs;
  }

  /** Of all processes that a reading passes through: Node-RED and its senders. */
  #scheduled(): Schedule {
    const schedules = this.nodeRed.pids.map(scheduleOf);
    return {
      ranMs: schedules.reduce((sum, { ranMs }) => sum + ranMs, 0),
      waitedMs: schedules.reduce((sum, { waitedMs }) => sum + waitedMs, 0),
    };
  }

  async keptBytes(): Promise<number> {
    return (await this.#settledMemory()) - this.#memoryBefore;
  }

  /** V8 gives memory back a moment after it was collected, and more of it with the next collections. */
  async #settledMemory(): Promise<number> {
    let least = Number.POSITIVE_INFINITY;
    for (;;) {
      await this.nodeRed.probe.call("collectGarbage");
      await delay(MEMORY_SETTLES_MS);
      const { rssBytes } = await this.nodeRed.probe.call("sample");
      if (rssBytes > least - NOTABLE_BYTES) return Math.min(rssBytes, least);
      least = rssBytes;
    }
  }
}
