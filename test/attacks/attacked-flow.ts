import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { SavedConfig } from "../../nodes/lib/config/fields";
import { FORMATS, type Format } from "../../nodes/lib/udp/decoders/formats";
import { fields as listenerFields } from "../../nodes/udp-sensor-in.config";
import { fields as outFields } from "../../nodes/ws-broadcast-out.config";
import { fields as serverFields } from "../../nodes/ws-broadcast-server.config";
import { editorShaped, type FlowNode, placed, TAB } from "../support/flow";
import { STEADY_TOPIC } from "./steady-feed";

/** On Node-RED's own web server: where tokens are needed, and where only `ALLOWED_ADDRESS` is let in. */
export const GUARDED_PATH = "/guarded";
export const WALLED_PATH = "/walled";
/** Where one address may have two clients. */
export const COUNTED_PATH = "/counted";
export const MAX_PER_ADDRESS = 2;
/** Where clients are pinged every second, and get what is newest. */
export const PINGED_PATH = "/pinged";
/** Of a core `websocket-listener`, which takes it from the environment, and of a server of ours. */
export const CONTESTED_PATH = "/contested";
/** What is posted there is broadcast, whatever its size. */
export const PUBLISH_PATH = "/publish";
export const ALLOWED_ADDRESS = "127.0.0.9";
export const TRUSTED_PROXY = "127.0.0.8";

/** What must not be seen in a log. */
export const SECRETS = {
  token: secret(24),
  otherToken: secret(24),
  expiredToken: secret(24),
  jwtKey: secret(48),
};

/** Does not begin with `_`, as the names of parameters do that a server has to ignore. */
function secret(bytes: number): string {
  return `s${randomBytes(bytes).toString("base64url")}`;
}

/** Of many tenants, each of which may read topics of its own. */
export const TENANT_TOKENS = Array.from({ length: 400 }, () => randomBytes(24).toString("base64url"));

/** In the form of Node-RED's credentials file. */
export const CREDENTIALS = {
  guarded: {
    tokens: JSON.stringify([
      { name: "display", token: SECRETS.token, topics: [STEADY_TOPIC] },
      { name: "other", token: SECRETS.otherToken, topics: ["#"] },
      { name: "visitor", token: SECRETS.expiredToken, topics: ["#"], expires: "2020-01-01" },
      ...TENANT_TOKENS.map((token, index) => ({ name: `tenant ${index}`, token, topics: [`x${index}`, `+/${index}`] })),
    ]),
    jwtKey: SECRETS.jwtKey,
  },
};

/** The page of this origin may connect besides those of the server's own host. */
export const LISTED_ORIGIN = "https://good.com";

const FIXTURES = join(__dirname, "../support/fixtures");

/** Ports of loopback. */
export interface AttackedPorts {
  /** Of Node-RED's web server, and of servers of our own, without and with TLS. */
  readonly shared: number;
  readonly own: number;
  readonly tls: number;
  /** Somebody else has it. */
  readonly taken: number;
  /** Datagrams of the honest feed. */
  readonly feed: number;
  /** Datagrams for which there is no server, and no client. */
  readonly unreachable: number;
  readonly gone: number;
  readonly formats: Readonly<Record<Format, number>>;
}

/**
 * Datagrams of the honest feed go to several of our servers and to core's; those on the ports of the single formats to two of
 * ours alone. The `neighbour` lives on Node-RED's web server too.
 * @param senders processes of each server that has many clients
 */
export function attackedFlow(ports: AttackedPorts, senders = 0): FlowNode[] {
  return [
    TAB,
    ...servers(ports, { senders: String(senders) }),
    { id: "core", type: "websocket-listener", path: "/core", wholemsg: "false" },
    { id: "core-contested", type: "websocket-listener", path: "${CONTESTED}", wholemsg: "false" },
    listener("feed", ports.feed, { to: ["shared-out", "own-out", "guarded-out", "pinged-out", "core-out"] }),
    ...FORMATS.map((format) =>
      listener(`in-${format}`, ports.formats[format], { format, to: ["shared-out", "own-out", "guarded-out"] }),
    ),
    listener("in-unreachable", ports.unreachable, { to: ["unreachable-out"] }),
    listener("in-gone", ports.gone, { to: ["to-gone"] }),
    placed({
      id: "to-gone",
      type: "change",
      rules: [{ t: "set", p: "client", pt: "msg", to: "gone", tot: "str" }],
      wires: [["gone-out"]],
    }),
    placed({ id: "publish", type: "http in", url: PUBLISH_PATH, method: "post", wires: [["shared-out", "published"]] }),
    placed({ id: "published", type: "http response", statusCode: "204" }),
    out("shared-out", "shared"),
    out("own-out", "own"),
    out("guarded-out", "guarded"),
    out("pinged-out", "pinged"),
    out("gone-out", "shared"),
    out("unreachable-out", "unreachable"),
    placed({ id: "core-out", type: "websocket out", server: "core", client: "" }),
    placed({ id: "neighbour", type: "neighbour" }),
  ];
}

function servers(ports: AttackedPorts, many: { readonly senders: string }): FlowNode[] {
  return [
    server("shared", many),
    server("own", { ...many, port: String(ports.own) }),
    server("tls", { port: String(ports.tls), tls: "certificate" }),
    {
      id: "certificate",
      type: "tls-config",
      cert: join(FIXTURES, "tls-cert.pem"),
      key: join(FIXTURES, "tls-key.pem"),
      ca: "",
      verifyservercert: false,
    },
    server("guarded", { ...many, path: GUARDED_PATH, requireToken: true, jwtAlgorithm: "HS256" }),
    server("walled", { path: WALLED_PATH, allow: [ALLOWED_ADDRESS], trustedProxies: [TRUSTED_PROXY] }),
    server("counted", { path: COUNTED_PATH, maxClientsPerAddress: MAX_PER_ADDRESS, trustedProxies: [TRUSTED_PROXY] }),
    server("pinged", { ...many, path: PINGED_PATH, heartbeat: 1, mode: "latest" }),
    server("contested", { path: CONTESTED_PATH }),
    server("unreachable", { port: String(ports.taken) }),
  ];
}

function server(id: string, changes: SavedConfig<typeof serverFields>): FlowNode {
  const {
    x: _x,
    y: _y,
    z: _z,
    wires: _wires,
    ...saved
  } = editorShaped("ws-broadcast-server", serverFields, { id, origins: [LISTED_ORIGIN], ...changes });
  return saved as FlowNode;
}

/** Where readings of a topic are held for a while. */
const CONFLATED: Readonly<Partial<Record<Format, object>>> = {
  keyvalue: { every: "1000", conflate: "mean" },
  influx: { every: "1000", conflate: "minmax" },
  msgpack: { every: "1000", conflate: "all" },
};

function listener(
  id: string,
  port: number,
  { format = "json", to }: { readonly format?: Format; readonly to: string[] },
): FlowNode {
  return editorShaped("udp-sensor-in", listenerFields, {
    id,
    port: String(port),
    format,
    ...(format === "csv" ? { csvColumns: ["sensor", "value"] } : {}),
    ...CONFLATED[format],
    ...(format === "struct" ? { structTemplate: [{ name: "id", type: "u16" }] } : {}),
    wires: [to],
  });
}

function out(id: string, to: string): FlowNode {
  return editorShaped("ws-broadcast-out", outFields, { id, server: to, wires: [] });
}
