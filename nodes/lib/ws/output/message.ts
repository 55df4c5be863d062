import { quote } from "../../text/quote";
import { sentence } from "../../text/sentence";
import { fromIso8601 } from "../../time/iso-8601";
import { isClientId } from "../client-ids";
import { type Command, CommandError } from "./commands";

/** What a message may say. All of it comes from a flow, so nothing is certain about the types. */
export interface FlowMessage {
  readonly payload?: unknown;
  readonly topic?: unknown;
  /** When the reading was taken: ms since 1970, a `Date`, or ISO 8601. */
  readonly time?: unknown;
  /** `{ command, client?, topic? }` asks something of the server, `{ client }` sends to that client alone. */
  readonly broadcast?: unknown;
  /** The short form of the above, see `interpret`. */
  readonly client?: unknown;
  readonly command?: unknown;
}

/** A reading to send. */
export interface Outgoing {
  readonly kind: "reading";
  readonly topic: string;
  readonly payload: unknown;
  /** In ms since the epoch; `undefined`: now. */
  readonly time: number | undefined;
  /** Id of the only client to send to; `undefined`: all. */
  readonly client: string | undefined;
}

export type Interpretation = Outgoing | ({ readonly kind: "command" } & Command);

const BROADCAST_PROPERTIES: readonly string[] = ["command", "client", "topic"];

/**
 * Tells what a message asks for. `msg.broadcast`, if it is an object, always counts. `msg.command` and `msg.client` may
 * just as well come from a node upstream that means something else by them, so they count only where nothing else can be
 * meant: a command in a message without payload, a client if it is an id that a server gave to a client.
 * @param topic for a message that has none
 * @throws {CommandError} for a `msg.broadcast` that makes no sense
 */
export function interpret(message: FlowMessage, topic: string): Interpretation {
  const { broadcast } = message;
  if (typeof broadcast === "object" && broadcast !== null) return inLongForm(message, broadcast, topic);
  const { command, client } = message;
  if (message.payload === undefined && command !== undefined) {
    return { kind: "command", command, client, topic: message.topic, prefix: "msg" };
  }
  return readingOf(message, topic, isClientId(client) ? client : undefined);
}

function inLongForm(message: FlowMessage, broadcast: object, defaultTopic: string): Interpretation {
  for (const name of Object.keys(broadcast)) {
    if (!BROADCAST_PROPERTIES.includes(name)) {
      const accepted = BROADCAST_PROPERTIES.join(", ");
      throw new CommandError(sentence("publish.broadcast-property", { accepted, property: quote(name) }));
    }
  }
  const { command, client, topic } = broadcast as { command?: unknown; client?: unknown; topic?: unknown };
  if (command !== undefined) return { kind: "command", command, client, topic, prefix: "msg.broadcast" };
  if (topic !== undefined) throw new CommandError(sentence("publish.broadcast-topic"));
  // A client that is asked for but missing must not turn into everybody.
  if ("client" in broadcast && (typeof client !== "string" || client === "")) {
    throw new CommandError(sentence("publish.broadcast-client", { client: quote(client) }));
  }
  return readingOf(message, defaultTopic, client as string | undefined);
}

function readingOf({ payload, topic, time }: FlowMessage, defaultTopic: string, client: string | undefined): Outgoing {
  return { kind: "reading", topic: textOf(topic) || defaultTopic, payload, time: timeOf(time), client };
}

/** Empty for what is no topic. */
function textOf(topic: unknown): string {
  if (typeof topic === "string") return topic;
  return typeof topic === "boolean" || Number.isFinite(topic) ? String(topic) : "";
}

function timeOf(time: unknown): number | undefined {
  if (typeof time === "string") return fromIso8601(time.trim());
  const ms = time instanceof Date ? time.getTime() : time;
  return typeof ms === "number" && Number.isFinite(ms) ? ms : undefined;
}
