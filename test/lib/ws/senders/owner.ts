import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { BroadcastHarness } from "../../../support/broadcast-harness";

/** A process of its own with a server that has two senders. */
export async function startOwner(): Promise<{ owner: ChildProcess; pids: number[] }> {
  const owner = fork(__filename, [], { execArgv: process.execArgv });
  const [pids] = (await once(owner, "message")) as [number[]];
  return { owner, pids };
}

async function run(): Promise<void> {
  const server = await BroadcastHarness.start({ settings: { senders: 2 } });
  await server.connect();
  process.send?.(server.broadcast.senders?.pids);
}

if (require.main === module) void run();
