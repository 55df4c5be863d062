import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * Answers HTTP requests below the path of a server, for instance with the script that pages load. Must not throw.
 *
 * @param path what follows the server's own path, with its slash and without the query: `/client.js`
 * @returns false when nothing is there; then nothing was done to the response
 */
export type HandleRequest = (request: IncomingMessage, response: ServerResponse, path: string) => boolean;
