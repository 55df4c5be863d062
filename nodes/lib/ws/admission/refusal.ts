import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Sentence } from "../../text/sentence";
import { UserError } from "../../text/user-error";

/** How long a refused client may take to hang up by itself. */
const LINGER_MS = 1000;

export type RefusalStatus = 400 | 401 | 403 | 404 | 405 | 408 | 426 | 429 | 431 | 503;

/** A request does not become a WebSocket. The message is for whoever wrote the client. */
export class Refusal extends UserError {
  readonly code = "REFUSED";

  /** Of the answer, besides those that every refusal has. */
  readonly headers: Readonly<Record<string, string>>;
  /** What events and logs say of it. */
  readonly reported: Sentence;

  /** @param options.reported where the reason repeats what might be a secret; default: the reason */
  constructor(
    readonly status: RefusalStatus,
    reason: Sentence,
    { headers = {}, reported = reason }: { headers?: Readonly<Record<string, string>>; reported?: Sentence } = {},
  ) {
    super(reason);
    this.headers = headers;
    this.reported = reported;
  }
}

/** Answers the request as a web server would, with `{"error": "..."}`, and ends the connection. */
export function sendRefusal(socket: Duplex, refusal: Refusal): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = refusalBody(refusal);
  const headers = {
    ...refusal.headers,
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
    Connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  // Destroying a socket with unread input resets the connection, and the reset can overtake the answer.
  socket.resume();
  socket.end(`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\n${lines.join("")}\r\n${body}`);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once("close", () => clearTimeout(timer));
}

/** What a client is told, as JSON. */
export function refusalBody({ message }: Refusal): string {
  return JSON.stringify({ error: message });
}
