import type { SavedConfig } from "../../nodes/lib/config/fields";
import { fields as listenerFields } from "../../nodes/udp-sensor-in.config";
import { fields as outFields } from "../../nodes/ws-broadcast-out.config";
import { fields as serverFields } from "../../nodes/ws-broadcast-server.config";
import { editorShaped, type FlowNode, placed, TAB } from "../support/flow";

export const OPEN_PATH = "/ws";
export const GUARDED_PATH = "/guarded";
export const BLOCK_PATH = "/block";
/** Of the guarded server: for its metrics, and for readings without an end. */
export const METRICS_TOKEN = "soak-metrics-0123456789";
export const LASTING_TOKEN = "soak-lasting-0123456789";
export const EXPIRING_TOKEN = "soak-expiring-0123456789";
/** Little, so that it is full soon, and what grows then is something else. */
const MEMORY = { logBytes: String(1024 * 1024), historyBytes: String(1024 * 1024) };

export interface SoakFlowOptions {
  /** Of readings, and of anything at all. */
  readonly feedPort: number;
  readonly hostilePort: number;
  /** Processes that send in place of Node-RED, for the open server. */
  readonly senders: number;
  /** When one of the tokens expires, in ms since 1970. */
  readonly expiresAt: number;
  /** Differs between deploys: a changed node is started anew. */
  readonly name: string;
}

/** Two listeners, two servers, and a way to keep Node-RED busy. */
export function soakFlow({ feedPort, hostilePort, senders, expiresAt, name }: SoakFlowOptions): FlowNode[] {
  return [
    TAB,
    editorShaped("udp-sensor-in", listenerFields, {
      id: "feed",
      name,
      port: String(feedPort),
      address: "127.0.0.1",
      format: "json",
      wires: [["open-out", "guarded-out"]],
    } as never),
    editorShaped("udp-sensor-in", listenerFields, {
      id: "hostile",
      port: String(hostilePort),
      address: "127.0.0.1",
      offlineAfter: "5",
      rejects: true,
      wires: [["open-out"], []],
    }),
    out("open-out", "open"),
    out("guarded-out", "guarded"),
    server("open", {
      path: OPEN_PATH,
      metrics: true,
      heartbeat: "5",
      ...MEMORY,
      senders: String(senders),
    }),
    server(
      "guarded",
      { path: GUARDED_PATH, metrics: true, heartbeat: "5", ...MEMORY, requireToken: true },
      tokens(expiresAt),
    ),
    placed({ id: "block", type: "http in", url: BLOCK_PATH, method: "get", wires: [["busy"]] }),
    placed({
      id: "busy",
      type: "function",
      func: "const until = Date.now() + Number(msg.payload.ms);\nwhile (Date.now() < until);\nreturn msg;",
      outputs: 1,
      libs: [],
      wires: [["done"]],
    }),
    placed({ id: "done", type: "http response", statusCode: "204" }),
  ];
}

/** In the form of Node-RED's credentials file. */
export function credentialsOf(expiresAt: number): object {
  return { guarded: tokens(expiresAt) };
}

function tokens(expiresAt: number): { tokens: string } {
  return {
    tokens: JSON.stringify([
      { name: "metrics", token: METRICS_TOKEN, topics: ["$metrics"] },
      { name: "lasting", token: LASTING_TOKEN, topics: ["#"] },
      { name: "expiring", token: EXPIRING_TOKEN, topics: ["s1", "s2"], expires: expiresAt },
    ]),
  };
}

function out(id: string, to: string): FlowNode {
  return editorShaped("ws-broadcast-out", outFields, { id, server: to, wires: [] });
}

function server(id: string, changes: SavedConfig<typeof serverFields>, credentials?: object): FlowNode {
  const {
    x: _x,
    y: _y,
    z: _z,
    wires: _wires,
    ...saved
  } = editorShaped("ws-broadcast-server", serverFields, { id, ...changes });
  return { ...saved, ...(credentials && { credentials }) } as FlowNode;
}
