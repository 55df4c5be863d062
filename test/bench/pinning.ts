import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

/** Which core of the machine a process runs on. */
export const CORE = { server: 0, load: 1 } as const;

/** Whether processes can be kept on one core each; if not, the load takes time from the server. */
export const canPin = availableParallelism() > 1 && spawnSync("taskset", ["-V"]).status === 0;

/** Starts Node on one core, with pipes for its output and an IPC channel. @param node the program */
export function spawnPinned(core: number, args: readonly string[], node = process.execPath): ChildProcess {
  const [command, ...rest] = canPin ? ["taskset", "-c", String(core), node, ...args] : [node, ...args];
  return spawn(command as string, rest, { stdio: ["ignore", "pipe", "pipe", "ipc"] });
}
