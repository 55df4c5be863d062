import { quote } from "../text/quote";
import { type Sentence, sentence } from "../text/sentence";
import { UserError } from "../text/user-error";
import type { BroadcastServer } from "./broadcast-server";
import { DISCONNECTED_BY_FLOW } from "./close-reasons";

/** A message asked for something that the server cannot do. */
export class CommandError extends UserError {
  readonly code = "COMMAND_INVALID";
}

/** What a message with a command says besides. */
export interface Command {
  readonly command: unknown;
  readonly client: unknown;
  readonly topic: unknown;
}

type Answer = (server: BroadcastServer, command: Command) => unknown;

const answers: Readonly<Record<string, Answer>> = {
  clients: (server) => server.clients(),
  stats: (server) => server.counts(),
  disconnect: (server, { client, command }) => {
    const id = text(client, sentence("publish.needs-client", { command: String(command) }));
    return server.disconnect(id, DISCONNECTED_BY_FLOW);
  },
  forget: (server, { topic, command }) =>
    server.forget(text(topic, sentence("publish.needs-topic", { command: String(command) }))),
};

/**
 * @returns the answer: a list of clients, the server's counters, or whether there was such a client or topic
 * @throws {CommandError}
 */
export function runCommand(server: BroadcastServer, command: Command): unknown {
  const name = command.command;
  const answer = typeof name === "string" && Object.hasOwn(answers, name) ? answers[name] : undefined;
  if (answer === undefined) {
    const accepted = Object.keys(answers).join(", ");
    throw new CommandError(sentence("publish.unknown-command", { accepted, command: quote(name) }));
  }
  return answer(server, command);
}

function text(value: unknown, otherwise: Sentence): string {
  if (typeof value !== "string" || value === "") throw new CommandError(otherwise);
  return value;
}
