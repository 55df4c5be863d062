import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { BroadcastHarness } from "../../../support/broadcast-harness";
import { senderProgram } from "../../../support/sender-program";

/** A process of its own with a server that has two senders. */
export async function startOwner(): Promise<{ owner: ChildProcess; pids: number[] }> {
  // Not its own, which it would not remove when it is killed.
  const owner = fork(__filename, [senderProgram()], { execArgv: process.execArgv });
  const [pids] = (await once(owner, "message")) as [number[]];
  return { owner, pids };
}

async function run(program: string): Promise<void> {
  const server = await BroadcastHarness.start({ settings: { senders: 2 }, senderProgram: program });
  await server.connect();
  process.send?.(server.broadcast.senders?.pids);
}

if (require.main === module) void run(process.argv[2] ?? "");
