import { execFileSync, spawn, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";

type Resource = "nofile" | "nproc";

/** Whether limits of other processes can be set: on Linux, where util-linux is installed. */
export const HAS_LIMITS = process.platform === "linux" && spawnSync("prlimit", ["--version"]).status === 0;

/** From now on, a process can open so many files more. @returns undoes that */
export function limitFiles(pid: number, spare: number): () => void {
  const open = new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
  let limit = 0;
  for (let left = spare; left > 0 || open.has(limit); limit++) if (!open.has(limit)) left--;
  return limitSoftly(pid, "nofile", limit);
}

/**
 * From now on, this process can start no process, nor a thread, unless it is root's. @returns undoes that, by somebody who was
 * there before
 */
export function forbidProcesses(): () => void {
  const undo = spawn("sh", ["-c", `read line; exec prlimit --pid $0 --nproc=$1:`, String(process.pid), soft("nproc")]);
  set(process.pid, "nproc", 1);
  return () => undo.stdin.end("\n");
}

function limitSoftly(pid: number, resource: Resource, limit: number): () => void {
  const before = soft(resource, pid);
  set(pid, resource, limit);
  return () => set(pid, resource, before);
}

function soft(resource: Resource, pid = process.pid): string {
  return prlimit(pid, `--${resource}`, "--raw", "--noheadings", "--output=SOFT").trim();
}

function set(pid: number, resource: Resource, limit: number | string): void {
  prlimit(pid, `--${resource}=${limit}:`);
}

function prlimit(pid: number, ...options: string[]): string {
  return execFileSync("prlimit", ["--pid", String(pid), ...options], { encoding: "utf8" });
}
