import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * Answers HTTP requests (GET and HEAD) at and below the path of a server, for instance with the script that pages load.
 * Must not throw.
 *
 * @param path what follows the server's own path, without the query: empty, or with its slash such as `/client.js`
 * @returns false when nothing is there; then nothing was done to the response
 */
export type HandleRequest = (request: IncomingMessage, response: ServerResponse, path: string) => boolean;

/** What follows `base` in the path of a request; `undefined` when it asks for something else than to read there. */
export function pathBelow(base: string, { method, url = "/" }: IncomingMessage): string | undefined {
  if (method !== "GET" && method !== "HEAD") return undefined;
  const path = url.split("?", 1)[0] ?? "";
  return path === base || path.startsWith(`${base}/`) ? path.slice(base.length) : undefined;
}
