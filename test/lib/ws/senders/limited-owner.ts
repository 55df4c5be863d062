import { fork } from "node:child_process";
import { inEnglish } from "../../../../nodes/lib/text/sentence";
import { Remote, serve } from "../../../bench/remote";
import { BroadcastHarness } from "../../../support/broadcast-harness";
import { forbidProcesses } from "../../../support/process-limits";
import { senderProgram } from "../../../support/sender-program";

/** What a process does that has a server with one sender, and may be given limits before. */
interface LimitedOwner {
  /** Can start no process any more. */
  forbidProcesses(): void;
  /** Can start some again. */
  allowProcesses(): void;
  /** @returns its port */
  start(program: string): Promise<number>;
  publish(text: string): void;
  /** What the user was told. */
  notices(): string[];
  /** Resolves once the sender runs. */
  senderReady(): Promise<void>;
  /** How many readings senders have sent. */
  sentBySenders(): Promise<number>;
}

const NOBODY = 65_534;

export async function startLimitedOwner(): Promise<Remote<LimitedOwner> & { readonly program: string }> {
  const child = fork(__filename, [], { execArgv: process.execArgv });
  const owner = new Remote<LimitedOwner>(child, "the owner");
  await owner.call("notices");
  return Object.assign(owner, { program: senderProgram() });
}

function limitedOwner(): LimitedOwner {
  let server: BroadcastHarness | undefined;
  let allowProcesses: () => void;
  return {
    forbidProcesses() {
      // Root may have as many as it likes.
      if (process.getuid?.() === 0) process.setuid?.(NOBODY);
      allowProcesses = forbidProcesses();
    },
    allowProcesses: () => allowProcesses(),
    async start(program) {
      const settings = { senders: 1, replay: false };
      server = await BroadcastHarness.start({ settings, senderProgram: program }, { awaitsSenders: false });
      return server.port;
    },
    publish: (text) => server?.publish("t", text),
    notices: () => server?.notices.map(inEnglish) ?? [],
    senderReady: async () => server?.broadcast.senders?.ready(),
    async sentBySenders() {
      await server?.broadcast.refresh();
      return server?.broadcast.senders?.counts().delivered ?? 0;
    },
  };
}

if (require.main === module) serve(limitedOwner());
