import { quote } from "../text/quote";
import { sentence } from "../text/sentence";
import { UserError } from "../text/user-error";
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

/** A message was not sent. */
export class PublishError extends UserError {
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
  if (server === undefined) throw new PublishError(sentence("publish.no-server"));
  if (server.unreachableReason !== undefined) {
    throw new PublishError(sentence("publish.not-reachable", { reason: server.unreachableReason }));
  }
  if (message.command !== undefined) {
    if (ASKS.has(message.command) && !options.events) {
      throw new PublishError(sentence("publish.no-output", { command: String(message.command) }));
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
    throw new PublishError(sentence("publish.no-client", { client: quote(client) }));
  }
  if (!server.sendTo(client, topic, payload, publishOptions)) {
    throw new PublishError(sentence("publish.too-far-behind", { client: quote(client) }));
  }
  return undefined;
}

function publishOptionsOf(time: unknown, envelope: boolean): PublishOptions {
  return typeof time === "number" && Number.isFinite(time) ? { time, envelope } : { envelope };
}
