import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

/** How long a refused client may take to hang up by itself. */
const LINGER_MS = 1000;

/** A request that does not become a WebSocket. The message is a sentence for whoever wrote the client. */
export class Refusal extends Error {
  readonly code = "REFUSED";

  constructor(
    readonly status: 400 | 401 | 403 | 404 | 405 | 408 | 426 | 429 | 431 | 500 | 503,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = "Refusal";
  }
}

/** Answers the request as a web server would, with `{"error": "..."}`, and ends the connection. */
export function sendRefusal(socket: Duplex, refusal: Refusal): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify({ error: refusal.message });
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
