import { quote } from "../../text/quote";
import { sentence } from "../../text/sentence";
import { UserError } from "../../text/user-error";
import type { BroadcastServer } from "../broadcast-server";
import { DISCONNECTED_BY_FLOW } from "../clients/close-reasons";

/** A message asked for something that the server cannot do. */
export class CommandError extends UserError {
  readonly code = "COMMAND_INVALID";
}

/** What a message with a command says besides. */
export interface Command {
  readonly command: unknown;
  readonly client: unknown;
  readonly topic: unknown;
  /** What the properties of the message were found in, for a user who reads that one is wrong. */
  readonly prefix: "msg" | "msg.broadcast";
}

type Answer = (server: BroadcastServer, command: Command) => unknown;

/** Answered with what is counted, perhaps in other processes. */
function counted(answer: (server: BroadcastServer) => unknown): Answer {
  return (server) => {
    const refreshed = server.refresh();
    return refreshed === undefined ? answer(server) : refreshed.then(() => answer(server));
  };
}

const answers: Readonly<Record<string, Answer>> = {
  clients: counted((server) => server.clients()),
  stats: counted((server) => server.counts()),
  disconnect: (server, command) => server.disconnect(text("client", command), DISCONNECTED_BY_FLOW),
  forget: (server, command) => server.forget(text("topic", command)),
};

/** Those whose only effect is their answer. */
export const ASKS: ReadonlySet<unknown> = new Set(["clients", "stats"]);

/**
 * @returns the answer, or a promise of it: a list of clients, the server's counters, or whether there was such a client or topic
 * @throws {CommandError}
 */
export function runCommand(server: BroadcastServer, command: Command): unknown {
  const name = command.command;
  const answer = typeof name === "string" && Object.hasOwn(answers, name) ? answers[name] : undefined;
  if (answer === undefined) {
    const accepted = Object.keys(answers).join(", ");
    throw new CommandError(
      sentence("publish.unknown-command", { prefix: command.prefix, accepted, command: quote(name) }),
    );
  }
  return answer(server, command);
}

function text(property: "client" | "topic", { command, prefix, ...values }: Command): string {
  const value = values[property];
  if (typeof value === "string" && value !== "") return value;
  throw new CommandError(sentence(`publish.needs-${property}`, { prefix, command: String(command) }));
}
