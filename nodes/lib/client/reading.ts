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
 * Reads one message of a server, which is asked for envelopes: `{"topic","payload","time","seq"}`, with
 * `"encoding":"base64"` for bytes, or `{"missed":true}`.
 * @returns `undefined` for what is neither
 */
export function readMessage(data: unknown): Message | undefined {
  if (typeof data !== "string") return undefined;
  let message: unknown;
  try {
    message = JSON.parse(data);
  } catch {
    return undefined;
  }
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
