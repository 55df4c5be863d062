import type { BroadcastServer } from "./broadcast-server";
import { DISCONNECTED_BY_FLOW } from "./close-reasons";

/** A message asked for something that the server cannot do. The message is a sentence for the user. */
export class CommandError extends Error {
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
  disconnect: (server, { client }) => {
    const id = text(client, 'msg.client must be the id of a client for the command "disconnect"');
    return server.disconnect(id, DISCONNECTED_BY_FLOW);
  },
  forget: (server, { topic }) => server.forget(text(topic, 'msg.topic must be a topic for the command "forget"')),
};

/**
 * @returns the answer: a list of clients, the server's counters, or whether there was such a client or topic
 * @throws {CommandError}
 */
export function runCommand(server: BroadcastServer, command: Command): unknown {
  const name = command.command;
  const answer = typeof name === "string" && Object.hasOwn(answers, name) ? answers[name] : undefined;
  if (answer === undefined) {
    throw new CommandError(
      `msg.command must be one of ${Object.keys(answers).join(", ")}, not ${JSON.stringify(name)}`,
    );
  }
  return answer(server, command);
}

function text(value: unknown, otherwise: string): string {
  if (typeof value !== "string" || value === "") throw new CommandError(otherwise);
  return value;
}
