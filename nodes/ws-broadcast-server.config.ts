import { boolean, type ConfigOf, integer, list, oneOf, optionalInteger, text } from "./lib/config/fields";
import { normalizeOrigin } from "./lib/ws/origin";

/** Everything a user can set on a `ws-broadcast-server` node, besides its credentials. */
export const fields = {
  /** Path of the WebSocket endpoint, under `httpNodeRoot` when attached to Node-RED's own web server. */
  path: text({
    default: "/ws",
    check: (path) =>
      /^(\/[\w.~-]+)+$/.test(path) ? undefined : 'a path such as "/ws": "/" followed by letters, digits, . _ ~ -',
  }),
  /** Empty: Node-RED's own web server; a number: a server of its own. */
  port: optionalInteger({ min: 1, max: 65535 }),
  /** Address that a server of its own binds. */
  host: text({ default: "127.0.0.1" }),
  /** `stream`: every reading; `latest`: the newest reading of each topic once a client falls behind. */
  mode: oneOf(["stream", "latest"], { default: "stream" }),
  /** What a `stream` client that fell out of the log gets. */
  slow: oneOf(["skip", "disconnect"], { default: "skip" }),
  /** Bound on the age of what a `latest` client sees, in ms. */
  maxAge: integer({ default: 1000, min: 100, max: 60_000 }),
  /** Size of the reading log that all clients share, in bytes. */
  logBytes: integer({ default: 8 * 1024 * 1024, min: 64 * 1024, max: 1024 * 1024 * 1024 }),
  /** Send the newest reading of each topic to a new client. */
  replay: boolean({ default: true }),
  /** Seconds between pings; a client silent for two of them is closed. */
  heartbeat: integer({ default: 30, min: 1, max: 3600 }),
  /** Allowed origins besides the page's own host. */
  origins: list({
    check: (origin) =>
      normalizeOrigin(origin) === undefined ? 'a list of origins such as "https://example.com"' : undefined,
  }),
  /** 0: unlimited. */
  maxClients: integer({ default: 10_000, min: 0, max: 1_000_000 }),
  /** 0: unlimited. */
  maxClientsPerAddress: integer({ default: 0, min: 0, max: 1_000_000 }),
};

export type WsBroadcastServerConfig = ConfigOf<typeof fields>;
