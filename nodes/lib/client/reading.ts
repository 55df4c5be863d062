/** One reading, as a feed gives it. */
export interface Reading {
  readonly topic: string;
  /** Any JSON value; text; or the bytes of a binary payload, as a `Uint8Array`. */
  readonly payload: unknown;
  /** When the reading arrived at the server, in milliseconds since 1970. */
  readonly time: number;
  /** Identifies the reading within the life of one server; missing for what a flow sent to this client alone. */
  readonly seq: string | undefined;
}

/** What a server sends: a reading, or that some were missed. */
export type Message = Reading | "missed";

/**
 * Reads what a server, which is asked for envelopes, sends at once: `{"topic","payload","time","seq"}`, with
 * `"encoding":"base64"` for bytes, or `{"missed":true}`; or an array of them. Leaves out what is neither.
 */
export function readMessages(data: unknown): Message[] {
  if (typeof data !== "string") return [];
  let sent: unknown;
  try {
    sent = JSON.parse(data);
  } catch {
    return [];
  }
  const items: unknown[] = Array.isArray(sent) ? sent : [sent];
  return items.map(messageOf).filter((message) => message !== undefined);
}

function messageOf(message: unknown): Message | undefined {
  if (typeof message !== "object" || message === null) return undefined;
  const { topic, payload, encoding, time, seq, missed } = message as Record<string, unknown>;
  if (typeof topic !== "string") return missed === true ? "missed" : undefined;
  return {
    topic,
    payload: encoding === "base64" && typeof payload === "string" ? bytesOf(payload) : payload,
    time: typeof time === "number" ? time : Date.now(),
    seq: typeof seq === "string" ? seq : undefined,
  };
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
