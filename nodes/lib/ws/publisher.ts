import type { BroadcastServer } from "./broadcast-server";
import { runCommand } from "./commands";
import type { PublishOptions } from "./hub/hub";
import { encodePayload } from "./hub/payload";

/** What a message may say. All of it comes from a flow, so nothing is certain about the types. */
export interface BroadcastMessage {
  readonly payload?: unknown;
  readonly topic?: unknown;
  /** Time of the reading, in ms since the epoch. */
  readonly time?: unknown;
  /** Send to this client alone. */
  readonly client?: unknown;
  /** Not a reading: something asked of the server. */
  readonly command?: unknown;
}

export interface PublisherOptions {
  /** Used when `msg.topic` is empty. */
  readonly topic: string;
  readonly envelope: boolean;
  /** There is an output for answers. */
  readonly events: boolean;
}

/** A message was not sent. The message says why. */
export class PublishError extends Error {
  readonly code = "NOT_SENT";
}

const ASKS: ReadonlySet<unknown> = new Set(["clients", "stats"]);

/**
 * Sends what a message says through a server.
 * @returns what the message asked for, or `undefined` when it was a reading
 * @throws {PublishError} without a server that can be reached, or when `msg.client` did not get it
 * @throws {PayloadError} for a payload that cannot be sent
 * @throws {CommandError} for a command that makes no sense
 */
export function publish(
  message: BroadcastMessage,
  server: BroadcastServer | undefined,
  options: PublisherOptions,
): unknown {
  if (server === undefined) throw new PublishError("there is no valid ws-broadcast-server to send with");
  if (server.unreachableReason !== undefined)
    throw new PublishError(`nobody can be reached: ${server.unreachableReason}`);
  if (message.command !== undefined) {
    if (ASKS.has(message.command) && !options.events) {
      throw new PublishError(`the answer to ${message.command} needs the output for events: it is switched off`);
    }
    const { command, client, topic } = message;
    return runCommand(server, { command, client, topic });
  }
  const topic = typeof message.topic === "string" && message.topic !== "" ? message.topic : options.topic;
  const payload = encodePayload(message.payload);
  const publishOptions = publishOptionsOf(message.time, options.envelope);
  if (message.client === undefined) {
    server.publish(topic, payload, publishOptions);
    return undefined;
  }
  const { client } = message;
  if (typeof client !== "string" || !server.has(client)) {
    throw new PublishError(`there is no client ${JSON.stringify(client)}: it may have left`);
  }
  if (!server.sendTo(client, topic, payload, publishOptions)) {
    throw new PublishError(`the client ${JSON.stringify(client)} is too far behind to send it anything else`);
  }
  return undefined;
}

function publishOptionsOf(time: unknown, envelope: boolean): PublishOptions {
  return typeof time === "number" && Number.isFinite(time) ? { time, envelope } : { envelope };
}
