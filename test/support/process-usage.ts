import { readdirSync, readFileSync } from "node:fs";

/** Of a second, what Linux counts processor time in: `sysconf(_SC_CLK_TCK)`, which is 100 everywhere. */
const TICK_MS = 10;
const NS_PER_MS = 1e6;

/** Processor time of a process in ms, user and system; `undefined` where there is no `/proc`, or no such process. */
export function cpuMsOf(pid: number | undefined): number | undefined {
  const stat = readProc(pid, "stat");
  // The name of the program, in parentheses, may have spaces.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields && (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** How long a thread has run, and has been ready to run while others had the processors, in ms. */
export interface Schedule {
  readonly ranMs: number;
  readonly waitedMs: number;
}

/** Of the first thread of a process; zeros where that is not known. */
export function scheduleOf(pid: number): Schedule {
  const [ranNs = "0", waitedNs = "0"] = readProc(pid, `task/${pid}/schedstat`)?.split(" ") ?? [];
  return { ranMs: Number(ranNs) / NS_PER_MS, waitedMs: Number(waitedNs) / NS_PER_MS };
}

/** Open file descriptors and threads of a process; `undefined` where there is no `/proc`. */
export function handlesOf(pid: number): { readonly files: number; readonly threads: number } | undefined {
  try {
    return { files: readdirSync(`/proc/${pid}/fd`).length, threads: readdirSync(`/proc/${pid}/task`).length };
  } catch {
    return undefined;
  }
}

/** Memory of a process in bytes, of what it shares its part alone (PSS); `undefined` where the system does not tell. */
export function memoryOf(pid: number): number | undefined {
  const [, kibibytes] = /^Pss:\s+(\d+) kB/m.exec(readProc(pid, "smaps_rollup") ?? "") ?? [];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

/** Child processes of a process, and theirs. */
export function descendantsOf(pid: number): number[] {
  const children = readProc(pid, `task/${pid}/children`)?.trim();
  if (children === undefined || children === "") return [];
  return children.split(" ").flatMap((child) => [Number(child), ...descendantsOf(Number(child))]);
}

function readProc(pid: number | undefined, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return undefined;
  }
}
