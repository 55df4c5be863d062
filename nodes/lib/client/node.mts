import { environmentWith } from "./environment.js";
import { Feed } from "./feed.js";
import type { FeedOptions } from "./feed-options.js";

export { FeedError } from "./feed-status.js";

/** As in `client.mts`. Node.js before 22 has no WebSocket of its own. */
const WebSocketClass = globalThis.WebSocket ?? (await import("ws")).WebSocket;

export function connect(options: FeedOptions = {}): Feed {
  const { url } = options;
  if (url === undefined) throw new TypeError('url is needed here, such as "ws://localhost:1880/ws"');
  return new Feed({ ...options, url }, environmentWith(WebSocketClass as never));
}
