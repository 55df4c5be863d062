import { JWT_ALGORITHMS } from "./lib/access/jwt-algorithms";
import { originError } from "./lib/access/origin";
import type { Environment } from "./lib/config/environment";
import {
  boolean,
  type ConfigOf,
  integer,
  list,
  nodeReference,
  oneOf,
  optionalInteger,
  parseConfig,
  type Rule,
  type SavedConfig,
  text,
} from "./lib/config/fields";
import { cidrError } from "./lib/net/cidr-block";
import { sentence } from "./lib/text/sentence";

const PORTS = { min: 1, max: 65535 };

/** Everything a user can set on a `ws-broadcast-server` node, besides its credentials. */
export const fields = {
  /** `shared`: on Node-RED's own web server; `own`: a server of its own; empty: a server of its own if `port` is set. */
  where: oneOf(["", "shared", "own"], { default: "" }),
  /** Path of the WebSocket endpoint, under `httpNodeRoot` when attached to Node-RED's own web server. */
  path: text({
    default: "/ws",
    check: (path) => (/^(\/[\w.~-]+)+$/.test(path) ? undefined : sentence("config.path")),
  }),
  /** Of a server of its own. */
  port: optionalInteger(PORTS),
  /** Address that a server of its own binds; empty: all if tokens are needed or `allow` is set, else this machine only. */
  host: text({ default: "" }),
  /** `tls-config` node of a server of its own; empty: no TLS. */
  tls: nodeReference("tls-config", { required: false }),
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
  /** Seconds after which a topic's newest reading is not sent to new clients any more; 0: never. */
  expire: integer({ default: 0, min: 0, max: 31_536_000 }),
  /** Newest readings of each topic that are kept for clients that ask for a history; 0: any number. */
  historyReadings: integer({ default: 500, min: 0, max: 100_000 }),
  /** The age up to which they are kept, in seconds; 0: any, or, if `historyReadings` is 0 too, no history at all. */
  historySeconds: integer({ default: 0, min: 0, max: 2_592_000 }),
  /** Memory that all topics' histories may take, in bytes. */
  historyBytes: integer({ default: 16 * 1024 * 1024, min: 1024 * 1024, max: 1024 * 1024 * 1024 }),
  /** Show browsers a page with everything that is sent, at the path with a slash. */
  livePage: boolean({ default: true }),
  /** Give whoever may read them the metrics of the server, below its path. */
  metrics: boolean({ default: false }),
  /** Seconds between pings; a client silent for two of them is closed. */
  heartbeat: integer({ default: 30, min: 1, max: 3600 }),
  /** Compress what clients get that can decompress it: once for all with the same topics and form. */
  compress: boolean({ default: false }),
  /** Processes that serve the clients; 0: Node-RED itself does. */
  senders: integer({ default: 0, min: 0, max: 64 }),
  /** Allowed origins besides the page's own host. */
  origins: list({ check: originError }),
  /** Refuse clients that name no origin, that is all but browsers. */
  requireOrigin: boolean({ default: false }),
  /** Let nobody in while no tokens are listed in the credentials. Listed ones are always needed. */
  requireToken: boolean({ default: false }),
  /** What JSON Web Tokens must be signed with; `off`: they are not accepted. Their key is in the credentials. */
  jwtAlgorithm: oneOf(["off", ...JWT_ALGORITHMS], { default: "off" }),
  /** Expected audience; empty: any. */
  jwtAudience: text({ default: "" }),
  /** Expected issuer; empty: any. */
  jwtIssuer: text({ default: "" }),
  /** Claim that holds the topic filters. */
  jwtTopicsClaim: text({ default: "topics", check: (claim) => (claim === "" ? sentence("config.claim") : undefined) }),
  /** Addresses and blocks of clients that may connect; empty: any. */
  allow: list({ check: cidrError }),
  /** Addresses and blocks of proxies whose `X-Forwarded-For` is believed. */
  trustedProxies: list({ check: cidrError }),
  /** 0: unlimited. */
  maxClients: integer({ default: 10_000, min: 0, max: 1_000_000 }),
  /** 0: unlimited. */
  maxClientsPerAddress: integer({ default: 0, min: 0, max: 1_000_000 }),
  /** Attempts to connect from one address per second; 0: unlimited. */
  maxConnectRate: integer({ default: 0, min: 0, max: 1_000_000 }),
};

/** What goes together. */
export const rules: readonly Rule<typeof fields>[] = [
  {
    property: "port",
    check: ({ where, port }) => (where === "own" && port === null ? sentence("config.whole-number", PORTS) : undefined),
  },
];

/** As parsed; `port` is `null` on Node-RED's own web server. */
export function serverConfig(saved: SavedConfig<typeof fields>, environment: Environment): WsBroadcastServerConfig {
  const config = parseConfig(fields, saved, { type: "ws-broadcast-server", rules, environment });
  return config.where === "shared" ? { ...config, port: null } : config;
}

export type WsBroadcastServerConfig = ConfigOf<typeof fields>;
