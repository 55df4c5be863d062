import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { cpuMsOf, descendantsOf, memoryOf } from "../support/process-usage";
import { startFloor } from "./floor/floor";
import type { ClientSwarm, GroupOptions, GroupReport, SwarmReport } from "./load/client-swarm";
import type { Feed } from "./load/reading";
import type { SenderReport, UdpSender } from "./load/udp-sender";
import { coreBusyMs, kernelDrops } from "./machine";
import { CORE, canPin, spawnPinned } from "./pinning";
import { Remote, type Service } from "./remote";
import { type Contestant, type ServerSample, type ServerUnderTest, startServer } from "./server-under-test";

const DRAIN_POLL_MS = 250;
/** What has not arrived by then counts as lost. */
const DRAIN_TIMEOUT_MS = 4000;

/** What was measured between two points in time. */
export interface Window {
  /** Readings per second that arrived at all clients together. */
  readonly deliveries: number;
  /** Shares of one core, 0 to 1: of Node-RED with all its threads, and of its sender processes. */
  readonly serverCpu: number;
  /** Of the thread of Node-RED's event loop alone; `undefined` where that is not known. */
  readonly loopCpu: number | undefined;
  readonly loadCpu: number;
  /** With the headers of frames, of what all clients received. */
  readonly bytesPerReading: number;
  /** Of the readings, how many came in compressed messages. */
  readonly compressedShare: number;
  /** What else took time from the server's core; `undefined` where that is not known. */
  readonly othersCpu: number | undefined;
  readonly cpuUsPerDelivery: number;
  readonly loopDelayP99Ms: number;
  readonly rssBytes: number;
  readonly peakBytes: number;
  readonly groups: Readonly<Record<string, GroupReport>>;
}

export interface Outcome {
  readonly sent: number;
  readonly kernelDrops: number | undefined;
  readonly groups: Readonly<Record<string, GroupReport>>;
}

interface Snapshot {
  readonly server: ServerSample;
  readonly swarm: SwarmReport;
  readonly sender: SenderReport;
  /** Of the processes that the server has started. */
  readonly childrenCpuMs: number;
  readonly coreBusyMs: number | undefined;
}

export interface RigOptions {
  /** The checkout to measure. */
  readonly packageRoot: string;
  /** Where to write a CPU profile of every window, if at all. */
  readonly profileDir: string | undefined;
  /** Runs Node-RED; default: the one that runs the benchmark. */
  readonly node?: string;
  /** Properties of `udp-sensor-in` that are not to be the defaults. */
  readonly udpSensorIn?: Readonly<Record<string, string>>;
  /** The same of `ws-broadcast-server`. */
  readonly broadcastServer?: Readonly<Record<string, string>>;
}

/** A server under test with the processes that load it. */
export class Rig {
  private constructor(
    private readonly server: ServerUnderTest,
    private readonly swarm: Remote<ClientSwarm>,
    private readonly sender: Remote<UdpSender>,
    private readonly profileDir: string | undefined,
  ) {}

  static async start(contestant: Contestant, options: RigOptions): Promise<Rig> {
    const { packageRoot, profileDir, ...serverOptions } = options;
    const swarm = startLoad<ClientSwarm>("client-swarm");
    const sender = startLoad<UdpSender>("udp-sender");
    try {
      const server = contestant === "floor" ? startFloor() : startServer(contestant, packageRoot, serverOptions);
      return new Rig(await server, swarm, sender, profileDir);
    } catch (error) {
      await Promise.all([swarm.stop(), sender.stop()]);
      throw error;
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.sender.stop(), this.swarm.stop()]);
    await this.server.stop();
  }

  async connect(group: Omit<GroupOptions, "port" | "path"> & { readonly query?: string }): Promise<void> {
    const { query = "", ...options } = group;
    await this.swarm.call("connect", { ...options, port: this.server.wsPort, path: this.server.wsPath + query });
  }

  send(feed: Feed): Promise<void> {
    return this.sender.call("start", this.server.udpPort, feed);
  }

  /** Keeps the server's event loop busy, and tells how many readings were sent meanwhile. */
  async block(ms: number): Promise<number> {
    const { sent: before } = await this.sender.call("report");
    await this.server.probe.call("block", ms);
    const { sent } = await this.sender.call("report");
    return sent - before;
  }

  async rssBytes(options: { collected: boolean }): Promise<number> {
    if (options.collected) await this.server.probe.call("collectGarbage");
    return (await this.server.probe.call("sample")).rssBytes;
  }

  /** Memory of the processes that the server has started. */
  childrenBytes(): number {
    return descendantsOf(this.server.pid).reduce((sum, pid) => sum + (memoryOf(pid) ?? 0), 0);
  }

  /** Measures for so long from now. @param name of the profile, if there is to be one */
  async measure(seconds: number, name: string): Promise<Window> {
    const { probe } = this.server;
    if (this.profileDir !== undefined) await probe.call("startProfile");
    await Promise.all([probe.call("reset"), this.swarm.call("reset")]);
    const before = await this.#snapshot();
    await setTimeout(seconds * 1000);
    const after = await this.#snapshot();
    if (this.profileDir !== undefined) {
      mkdirSync(this.profileDir, { recursive: true });
      await probe.call("stopProfile", join(this.profileDir, `${name}.cpuprofile`));
    }
    return windowBetween(before, after);
  }

  /** Ends the sending and waits for what is on its way, as long as it keeps arriving at these groups. */
  async drain(...groups: readonly string[]): Promise<Outcome> {
    const { sent } = await this.sender.call("stop");
    const deadline = performance.now() + DRAIN_TIMEOUT_MS;
    let received = -1;
    for (;;) {
      const report = await this.swarm.call("report");
      const now = groups.reduce((sum, name) => sum + (report.groups[name]?.frames ?? 0), 0);
      if (now === received || performance.now() > deadline) {
        return { sent, kernelDrops: kernelDrops(this.server.udpPort), groups: report.groups };
      }
      received = now;
      await setTimeout(DRAIN_POLL_MS);
    }
  }

  async #snapshot(): Promise<Snapshot> {
    const busyMs = canPin ? coreBusyMs(CORE.server) : undefined;
    const [swarm, sender, server] = await Promise.all([
      this.swarm.call("report"),
      this.sender.call("report"),
      this.server.probe.call("sample"),
    ]);
    const childrenCpuMs = descendantsOf(this.server.pid).reduce((sum, pid) => sum + (cpuMsOf(pid) ?? 0), 0);
    return { swarm, sender, server, childrenCpuMs, coreBusyMs: busyMs };
  }
}

export function framesOf(groups: Readonly<Record<string, GroupReport>>): number {
  return sumOf(groups, "frames");
}

function sumOf(groups: Readonly<Record<string, GroupReport>>, figure: "frames" | "bytes" | "compressed"): number {
  return Object.values(groups).reduce((sum, group) => sum + group[figure], 0);
}

function windowBetween(before: Snapshot, after: Snapshot): Window {
  const seconds = secondsBetween(before, after);
  const received = (figure: "frames" | "bytes" | "compressed"): number =>
    sumOf(after.swarm.groups, figure) - sumOf(before.swarm.groups, figure);
  const frames = received("frames");
  const deliveries = frames / seconds;
  const childrenCpu = (after.childrenCpuMs - before.childrenCpuMs) / 1000 / seconds;
  const serverCpu = share(before.server, after.server) + childrenCpu;
  const { rssBytes, peakBytes, loopDelayP99Ms } = after.server;
  return {
    deliveries,
    serverCpu,
    loopCpu: loopShare(before.server, after.server),
    bytesPerReading: received("bytes") / frames,
    compressedShare: received("compressed") / frames,
    loadCpu: share(before.swarm, after.swarm) + share(before.sender, after.sender),
    othersCpu: othersShare(before, after, serverCpu),
    cpuUsPerDelivery: (serverCpu * 1e6) / deliveries,
    loopDelayP99Ms,
    rssBytes,
    peakBytes,
    groups: after.swarm.groups,
  };
}

function secondsBetween(before: Snapshot, after: Snapshot): number {
  return (after.swarm.atUs - before.swarm.atUs) / 1e6;
}

function othersShare(before: Snapshot, after: Snapshot, serverCpu: number): number | undefined {
  if (before.coreBusyMs === undefined || after.coreBusyMs === undefined) return undefined;
  const busy = (after.coreBusyMs - before.coreBusyMs) / 1000 / secondsBetween(before, after);
  return Math.max(0, busy - serverCpu);
}

function loopShare(before: ServerSample, after: ServerSample): number | undefined {
  if (before.loopCpuUs === undefined || after.loopCpuUs === undefined) return undefined;
  return (after.loopCpuUs - before.loopCpuUs) / (after.atUs - before.atUs);
}

interface CpuSample {
  readonly atUs: number;
  readonly cpuUs: number;
}

function share(before: CpuSample, after: CpuSample): number {
  return (after.cpuUs - before.cpuUs) / (after.atUs - before.atUs);
}

/** Starts a process of the folder `load`. */
export function startLoad<S extends Service<S>>(name: string, core: number = CORE.load): Remote<S> {
  const tsx = createRequire(__filename).resolve("tsx/cjs");
  const child = spawnPinned(core, ["-r", tsx, join(__dirname, "load", `${name}.ts`)]);
  child.stdout?.resume();
  child.stderr?.pipe(process.stderr);
  return new Remote<S>(child, name);
}
