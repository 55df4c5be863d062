import { environmentWith } from "./environment.js";
import { Feed } from "./feed.js";
import type { FeedOptions } from "./feed-options.js";

export type { Feed, FeedEvents } from "./feed.js";
export type { FeedOptions, Token } from "./feed-options.js";
export { FeedError, type FeedState, type FeedStatus } from "./feed-status.js";
export type { Reading } from "./reading.js";

/** `/ws/client.js` is of the server at `/ws`. In a bundle or a package of somebody else's it is of none. */
const SERVED = /\/(client|elements)\.js$/;

/**
 * Connects to a server, and keeps the connection.
 * @throws {TypeError} when `url` is no address, or left out by a program that did not load this from a server
 */
export function connect(options: FeedOptions = {}): Feed {
  const url = options.url ?? ownServer();
  if (url === undefined) throw new TypeError('url is needed here, such as "ws://localhost:1880/ws"');
  return new Feed({ ...options, url }, environmentWith());
}

function ownServer(): string | undefined {
  const own = import.meta.url;
  return /^https?:/.test(own) && SERVED.test(own) ? own.replace(SERVED, "") : undefined;
}
