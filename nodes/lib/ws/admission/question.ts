import type { IncomingMessage, ServerResponse } from "node:http";
import { type Refusal, refusalBody } from "./refusal";

/** Browsers do not name the origin of a page that asks its own host, so the client does it for them. */
const ORIGIN_HEADER = "sensorcast-origin";

/** The origin that a page would open a WebSocket with, as told by a plain request. It serves to explain, not to admit. */
export function originOfQuestion({ headers }: IncomingMessage): string | undefined {
  const named = headers[ORIGIN_HEADER];
  return headers.origin ?? (typeof named === "string" ? named : undefined);
}

/**
 * Tells what a WebSocket for the same address would be told, since browsers hide the answer to one that is refused. Pages
 * of other hosts may read it, too: they are the ones that are refused most.
 */
export function answerQuestion(response: ServerResponse, refusal: Refusal): void {
  if (response.headersSent || response.destroyed) return;
  const body = refusalBody(refusal);
  response.writeHead(refusal.status, {
    ...refusal.headers,
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Retry-After",
  });
  response.end(body);
}
