import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, totalmem } from "node:os";
import { canPin } from "./pinning";

/** One line on what the figures were measured on; names no host. */
export function describeMachine(): string {
  const cores = cpus();
  const { version } = createRequire(__filename)("node-red/package.json") as { version: string };
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const pinning = canPin
    ? "server on core 0, load on core 1"
    : "not pinned to cores: the load takes time from the server";
  return `${cores[0]?.model.trim()}, ${cores.length} cores, ${memory}; ${process.platform}, Node ${process.version}, Node-RED ${version}; ${pinning}.`;
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

const MS_PER_TICK = 10;
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
