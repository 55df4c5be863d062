import { randomBytes } from "node:crypto";
import type { SavedConfig } from "../../nodes/lib/config/fields";
import { FORMATS, type Format } from "../../nodes/lib/udp/decoders/formats";
import { fields as listenerFields } from "../../nodes/udp-sensor-in.config";
import { fields as outFields } from "../../nodes/ws-broadcast-out.config";
import { fields as serverFields } from "../../nodes/ws-broadcast-server.config";
import { editorShaped, type FlowNode, placed, TAB } from "../support/flow";
import { STEADY_TOPIC } from "./steady-feed";

/** Where tokens are needed, and where only `ALLOWED_ADDRESS` is let in; on Node-RED's own web server. */
export const GUARDED_PATH = "/guarded";
export const WALLED_PATH = "/walled";
export const ALLOWED_ADDRESS = "127.0.0.9";
export const TRUSTED_PROXY = "127.0.0.8";

/** What must not be seen in a log. */
export const SECRETS = {
  token: randomBytes(24).toString("base64url"),
  expiredToken: randomBytes(24).toString("base64url"),
  jwtKey: randomBytes(48).toString("base64url"),
};

/** In the form of Node-RED's credentials file. */
export const CREDENTIALS = {
  guarded: {
    tokens: JSON.stringify([
      { name: "display", token: SECRETS.token, topics: [STEADY_TOPIC] },
      { name: "visitor", token: SECRETS.expiredToken, topics: ["#"], expires: "2020-01-01" },
    ]),
    jwtKey: SECRETS.jwtKey,
  },
};

/** The page of this origin may connect besides those of the server's own host. */
export const LISTED_ORIGIN = "https://good.com";

/**
 * Datagrams of the honest feed go to both of our servers and to core's; those on the ports of the single formats to our
 * servers alone. The `neighbour` lives on Node-RED's web server too.
 */
export function attackedFlow(
  ownPort: number,
  feedPort: number,
  udpPorts: Readonly<Record<Format, number>>,
): FlowNode[] {
  const server = (id: string, changes: SavedConfig<typeof serverFields>): FlowNode => {
    const {
      x: _x,
      y: _y,
      z: _z,
      wires: _wires,
      ...saved
    } = editorShaped("ws-broadcast-server", serverFields, {
      id,
      origins: [LISTED_ORIGIN],
      ...changes,
    });
    return saved as FlowNode;
  };
  const listener = (id: string, port: number, format: Format, to: string[]): FlowNode =>
    editorShaped("udp-sensor-in", listenerFields, {
      id,
      port: String(port),
      format,
      ...(format === "csv" ? { csvColumns: ["sensor", "value"] } : {}),
      ...(format === "struct" ? { structTemplate: [{ name: "id", type: "u16" }] } : {}),
      wires: [to],
    });
  const out = (id: string, to: string): FlowNode =>
    editorShaped("ws-broadcast-out", outFields, { id, server: to, wires: [] });

  return [
    TAB,
    server("shared", {}),
    server("own", { port: String(ownPort) }),
    server("guarded", { path: GUARDED_PATH, requireToken: true, jwtAlgorithm: "HS256" }),
    server("walled", { path: WALLED_PATH, allow: [ALLOWED_ADDRESS], trustedProxies: [TRUSTED_PROXY] }),
    { id: "core", type: "websocket-listener", path: "/core", wholemsg: "false" },
    listener("feed", feedPort, "json", ["shared-out", "own-out", "guarded-out", "core-out"]),
    ...FORMATS.map((format) => listener(`in-${format}`, udpPorts[format], format, ["shared-out", "own-out"])),
    out("shared-out", "shared"),
    out("own-out", "own"),
    out("guarded-out", "guarded"),
    placed({ id: "core-out", type: "websocket out", server: "core", client: "" }),
    placed({ id: "neighbour", type: "neighbour" }),
  ];
}
