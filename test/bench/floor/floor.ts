import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freeTcpPort, freeUdpPort } from "../../support/free-port";
import { MS_PER_TICK } from "../machine";
import { CORE, canPin } from "../pinning";
import type { Probe, ServerSample, ServerUnderTest } from "../server-under-test";

/** Whether there is a C compiler, and the kernel that the floor is written for. */
export const hasFloor = process.platform === "linux" && canPin && spawnSync("cc", ["--version"]).status === 0;

/** Builds and starts the program that does the least a broadcaster can do. @throws {Error} if it does not compile or start */
export async function startFloor(): Promise<ServerUnderTest> {
  const directory = mkdtempSync(join(tmpdir(), "sensorcast-floor-"));
  const program = join(directory, "floor");
  const compiled = spawnSync("cc", ["-O2", "-o", program, join(__dirname, "floor.c")], { encoding: "utf8" });
  if (compiled.status !== 0) throw new Error(`the floor does not compile:\n${compiled.stderr}`);
  const [udpPort, wsPort] = await Promise.all([freeUdpPort(), freeTcpPort()]);
  const args = ["-c", String(CORE.server), program, String(udpPort), String(wsPort)];
  const child = spawn("taskset", args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const isReady = await Promise.race([once(child.stdout, "data"), ended.then(() => undefined)]);
  if (isReady === undefined) throw new Error("the floor did not start");
  const pid = child.pid as number;
  return {
    probe: probeOf(pid),
    pid,
    udpPort,
    wsPort,
    wsPath: "/",
    async stop() {
      child.stdin.end();
      await ended;
      rmSync(directory, { recursive: true });
    },
  };
}

/** Answers for a process that can't be asked. */
function probeOf(pid: number): Probe {
  return {
    async call(method, ..._args) {
      return (method === "sample" ? sampleOf(pid) : undefined) as never;
    },
    async stop() {},
  };
}

function sampleOf(pid: number): ServerSample {
  // After the name in brackets, which may have spaces: state is the first, utime and stime are the 12th and 13th.
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1")
    .replace(/^.*\) /s, "")
    .split(" ");
  const memory = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1]) * 1024;
  return {
    atUs: performance.now() * 1000,
    cpuUs: (Number(stat[11]) + Number(stat[12])) * MS_PER_TICK * 1000,
    rssBytes: memory("VmRSS"),
    peakBytes: memory("VmHWM"),
    loopDelayP99Ms: Number.NaN,
    loopDelayMaxMs: Number.NaN,
  };
}
