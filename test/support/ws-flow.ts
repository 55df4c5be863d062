import type { Node, NodeInitializer } from "node-red";
import type { Fields, SavedConfig } from "../../nodes/lib/config/fields";
import wsBroadcastOut from "../../nodes/ws-broadcast-out";
import { fields as outFields } from "../../nodes/ws-broadcast-out.config";
import wsBroadcastServer, { type BroadcastServerNode } from "../../nodes/ws-broadcast-server";
import { fields as serverFields } from "../../nodes/ws-broadcast-server.config";

interface Helper {
  load(nodes: NodeInitializer[], flow: FlowNodeDef[]): Promise<void>;
  unload(): Promise<void>;
  setFlows(flow: FlowNodeDef[], type: "full" | "flows" | "nodes"): Promise<void>;
  getNode(id: string): Node | null;
  startServer(): Promise<void>;
  stopServer(): Promise<void>;
  settings(settings: object): void;
  url(): string;
  readonly _server: import("node:http").Server;
}

export interface FlowNodeDef {
  readonly id: string;
  readonly type: string;
  readonly [property: string]: unknown;
}

const helper = require("node-red-node-test-helper") as Helper;
const websocketNodes = require("@node-red/nodes/core/network/22-websocket.js") as NodeInitializer;

/** A node as the editor saves it: its defaults, then what was changed. */
function edited<F extends Fields>(type: string, fields: F, id: string, changes: SavedConfig<F>): FlowNodeDef {
  const defaults = Object.fromEntries(Object.entries(fields).map(([property, field]) => [property, field.default]));
  return { id, type, ...defaults, ...changes };
}

/** Without a place on the canvas, Node-RED takes a node for a config node. */
const ON_TAB = { z: "tab", x: 100, y: 100 };
const TAB: FlowNodeDef = { id: "tab", type: "tab", label: "tab" };

export function server(id: string, changes: SavedConfig<typeof serverFields> = {}): FlowNodeDef {
  return edited("ws-broadcast-server", serverFields, id, changes);
}

export function out(id: string, changes: SavedConfig<typeof outFields> & { wires?: string[][] } = {}): FlowNodeDef {
  return { ...ON_TAB, wires: [], ...edited("ws-broadcast-out", outFields, id, changes) };
}

/** A node that only receives. */
export function sink(id: string): FlowNodeDef {
  return { id, type: "helper", ...ON_TAB, wires: [] };
}

/** What core nodes report to helper nodes: `handled` gets each message of `out` that is done, with `msg.error` if it failed. */
export const REPORTERS: readonly FlowNodeDef[] = [
  { id: "catch", type: "catch", ...ON_TAB, scope: ["out"], wires: [["handled"]] },
  { id: "complete", type: "complete", ...ON_TAB, scope: ["out"], wires: [["handled"]] },
  { id: "statusNode", type: "status", ...ON_TAB, scope: null, wires: [["status"]] },
  sink("handled"),
  sink("status"),
];

/** Runs a flow of the two WebSocket nodes, and core's, in a Node-RED runtime with a real web server. */
export class WsFlow {
  readonly #inboxes = new Map<Node, Inbox>();

  static async start(nodes: readonly FlowNodeDef[], settings: object = {}): Promise<WsFlow> {
    await helper.startServer();
    helper.settings(settings);
    await helper.load([wsBroadcastServer, wsBroadcastOut, websocketNodes], [TAB, ...nodes]);
    return new WsFlow();
  }

  async stop(): Promise<void> {
    await helper.unload();
    await helper.stopServer();
  }

  get http(): Helper["_server"] {
    return helper._server;
  }

  get port(): number {
    return Number(new URL(helper.url()).port);
  }

  url(path = "/ws"): string {
    return `ws://127.0.0.1:${this.port}${path}`;
  }

  async deploy(nodes: readonly FlowNodeDef[], type: "full" | "flows" | "nodes" = "full"): Promise<void> {
    await helper.setFlows([TAB, ...nodes], type);
  }

  node(id: string): Node {
    const node = helper.getNode(id);
    if (node === null) throw new Error(`there is no node ${id}`);
    return node;
  }

  server(id: string): BroadcastServerNode {
    return this.node(id) as BroadcastServerNode;
  }

  /** What a node has logged as errors. */
  errorsOf(id: string): string[] {
    const calls = (this.node(id).error as unknown as { getCalls(): { thisValue: Node; args: unknown[] }[] }).getCalls();
    return calls.filter(({ thisValue }) => thisValue.id === id).map(({ args }) => String(args[0]));
  }

  /** The next message that a helper node gets, or got since this was called first for it. */
  async next(id: string): Promise<Record<string, unknown>> {
    return await this.#inbox(id).next();
  }

  #inbox(id: string): Inbox {
    const node = this.node(id);
    const inbox = this.#inboxes.get(node) ?? new Inbox(node);
    this.#inboxes.set(node, inbox);
    return inbox;
  }
}

/** Queues the messages of a node. Node-RED skips listeners when one removes itself, so this one stays. */
class Inbox {
  readonly #received: Record<string, unknown>[] = [];
  readonly #waiting: ((message: Record<string, unknown>) => void)[] = [];

  constructor(node: Node) {
    node.on("input", (message, _send, done) => {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#received.push(message);
      else waiting(message);
      done();
    });
  }

  async next(): Promise<Record<string, unknown>> {
    return this.#received.shift() ?? (await new Promise((resolve) => this.#waiting.push(resolve)));
  }
}
