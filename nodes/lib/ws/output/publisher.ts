import { quote } from "../../text/quote";
import { sentence } from "../../text/sentence";
import { UserError } from "../../text/user-error";
import type { BroadcastServer } from "../broadcast-server";
import type { PublishOptions } from "../hub/hub-options";
import { encodePayload } from "../hub/payload";
import { ASKS, runCommand } from "./commands";
import { type FlowMessage, interpret, type Outgoing } from "./message";

export interface PublisherOptions {
  /** Used when `msg.topic` is empty. */
  readonly topic: string;
  readonly envelope: boolean;
  /** There is an output for answers. */
  readonly events: boolean;
}

/** What a node publishes through: a server, or why there is none. */
export interface PublishTarget {
  readonly broadcast?: BroadcastServer;
  readonly problem?: UserError;
}

/** A message was not sent. */
export class PublishError extends UserError {
  readonly code: string = "NOT_SENT";
}

/** No message can be sent, for a reason that has nothing to do with the message. */
export class NobodyReachedError extends PublishError {}

/** The answer to a command. */
export interface Answer {
  readonly command: string;
  readonly answer: unknown;
}

/**
 * Does what a message says through a server.
 * @param target `undefined`: no server is chosen
 * @returns what the message asked for, or `undefined` when it was a reading; a promise, which rejects with what else is thrown, when
 *   another process has to be asked
 * @throws {NobodyReachedError} without a server that can be reached
 * @throws {PublishError} when the only client that a reading is for did not get it
 * @throws {PayloadError} for a payload that cannot be sent
 * @throws {CommandError} for a command that makes no sense
 */
export function publish(
  message: FlowMessage,
  target: PublishTarget | undefined,
  options: PublisherOptions,
): Answer | undefined | Promise<Answer | undefined> {
  const server = reachable(target);
  const said = interpret(message, options.topic);
  if (said.kind === "reading") return send(said, server, options.envelope);
  if (ASKS.has(said.command) && !options.events) {
    throw new PublishError(sentence("publish.no-output", { command: String(said.command) }));
  }
  const answer = runCommand(server, said);
  const command = String(said.command);
  return answer instanceof Promise ? answer.then((answer) => ({ command, answer })) : { command, answer };
}

/** The message that answers one: not a command any more, so that it may go anywhere. */
export function answerTo<M extends object>(message: M, { command, answer }: Answer): M {
  const { broadcast: _, ...rest } = message as M & FlowMessage;
  return { ...rest, command, payload: answer } as unknown as M;
}

function reachable(target: PublishTarget | undefined): BroadcastServer {
  if (target === undefined) throw new NobodyReachedError(sentence("publish.no-server"));
  const { broadcast, problem } = target;
  if (broadcast === undefined) {
    throw new NobodyReachedError(
      problem === undefined
        ? sentence("publish.no-server")
        : sentence("publish.server-not-valid", { reason: problem.said }),
    );
  }
  const { unreachableReason } = broadcast;
  if (unreachableReason === undefined) return broadcast;
  throw new NobodyReachedError(sentence("publish.not-reachable", { reason: unreachableReason }));
}

function send(reading: Outgoing, server: BroadcastServer, envelope: boolean): undefined | Promise<undefined> {
  const { topic, payload, time, client } = reading;
  const encoded = encodePayload(payload);
  const options: PublishOptions = time === undefined ? { envelope } : { time, envelope };
  if (client === undefined) {
    server.publish(topic, encoded, options);
    return;
  }
  if (!server.has(client)) throw new PublishError(sentence("publish.no-client", { client: quote(client) }));
  const checked = (sent: boolean): undefined => {
    if (!sent) throw new PublishError(sentence("publish.too-far-behind", { client: quote(client) }));
  };
  const sent = server.sendTo(client, { topic, payload: encoded }, options);
  return sent instanceof Promise ? sent.then(checked) : checked(sent);
}
