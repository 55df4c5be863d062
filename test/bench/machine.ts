import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, totalmem } from "node:os";
import { canPin } from "./pinning";

/** What the figures were measured on; names no host. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly platform: string;
  readonly node: string;
  readonly nodeRed: string;
  readonly isPinned: boolean;
}

export function machine(): Machine {
  const [first, ...others] = cpus();
  const { version } = createRequire(__filename)("node-red/package.json") as { version: string };
  return {
    cpu: first?.model.trim() ?? "unknown",
    cores: others.length + 1,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: process.platform,
    node: process.version,
    nodeRed: version,
    isPinned: canPin,
  };
}

/** In one line. */
export function describeMachine({ cpu, cores, memoryGiB, platform, node, nodeRed, isPinned } = machine()): string {
  const pinning = isPinned
    ? "server on core 0, load on core 1"
    : "not pinned to cores: the load takes time from the server";
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB; ${platform}, Node ${node}, Node-RED ${nodeRed}; ${pinning}.`;
}

/** Milliseconds a core was busy since the machine started, with whatever; `undefined` where that is not known. */
export function coreBusyMs(core: number): number | undefined {
  const [, user, nice, system, , , , , steal] = lineOf("/proc/stat", `cpu${core} `) ?? [];
  if (steal === undefined) return undefined;
  return (Number(user) + Number(nice) + Number(system) + Number(steal)) * MS_PER_TICK;
}

/** Datagrams that the kernel dropped at the sockets bound to a port; `undefined` where that is not known. */
export function kernelDrops(port: number): number | undefined {
  const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
  let drops: number | undefined;
  for (const table of ["/proc/net/udp", "/proc/net/udp6"]) {
    for (const line of linesOf(table)) {
      const columns = line.trim().split(/\s+/);
      if (columns[1]?.endsWith(`:${hexPort}`) && columns[3] !== CONNECTED)
        drops = (drops ?? 0) + Number(columns.at(-1));
    }
  }
  return drops;
}

/** Of what the kernel accounts time in. */
export const MS_PER_TICK = 10;
/** State of a socket that has a peer: the sender's own. */
const CONNECTED = "01";

function lineOf(file: string, start: string): string[] | undefined {
  return linesOf(file)
    .find((line) => line.startsWith(start))
    ?.split(/\s+/);
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, "latin1").split("\n");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
