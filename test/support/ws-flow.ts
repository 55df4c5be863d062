import type { Server } from "node:http";
import { setImmediate } from "node:timers/promises";
import type { Node, NodeInitializer } from "node-red";
import helper from "node-red-node-test-helper";
import type { SavedConfig } from "../../nodes/lib/config/fields";
import { inEnglish } from "../../nodes/lib/text/sentence";
import wsBroadcastOut from "../../nodes/ws-broadcast-out";
import { fields as outFields } from "../../nodes/ws-broadcast-out.config";
import wsBroadcastServer, { type BroadcastServerNode } from "../../nodes/ws-broadcast-server";
import { fields as serverFields } from "../../nodes/ws-broadcast-server.config";
import { type DeployType, deploy, editorShaped, type FlowNode, loadFlow, nodeOf, placed, unloadFlow } from "./flow";
import { Inbox, type RecorderNode, recorderNode } from "./recorder";
import { runSenderProgram } from "./sender-program";

const tlsNode = require("@node-red/nodes/core/network/05-tls.js") as NodeInitializer;
const websocketNodes = require("@node-red/nodes/core/network/22-websocket.js") as NodeInitializer;

export type ServerChanges = SavedConfig<typeof serverFields>;
export interface ServerCredentials {
  readonly tokens?: unknown;
  readonly jwtKey?: string;
}

/** @param credentials as a deploy sends them; those of the first flow of a test are not read */
export function server(id: string, changes: ServerChanges = {}, credentials?: ServerCredentials): FlowNode {
  // A config node has no place on the canvas.
  const {
    x: _x,
    y: _y,
    z: _z,
    wires: _wires,
    ...saved
  } = editorShaped("ws-broadcast-server", serverFields, { id, ...changes });
  return { ...saved, ...(credentials && { credentials }) } as FlowNode;
}

export function out(id: string, changes: SavedConfig<typeof outFields> & { wires?: string[][] } = {}): FlowNode {
  return editorShaped("ws-broadcast-out", outFields, { id, ...changes });
}

/** A node of Node-RED's that reports on other nodes. */
function reporter(type: "catch" | "complete" | "status", scope: string[] | null, to: string): FlowNode {
  return placed({ id: type, type, scope, wires: [[to]] });
}

/** What core nodes report to recorders: `handled` gets each message of `out` that is done, with `msg.error` if it failed. */
export const REPORTERS: readonly FlowNode[] = [
  reporter("catch", ["out"], "handled"),
  reporter("complete", ["out"], "handled"),
  reporter("status", null, "shown"),
  placed({ id: "handled", type: "recorder" }),
  placed({ id: "shown", type: "recorder" }),
];

/** Runs a flow of the two WebSocket nodes, and core's, in a Node-RED runtime with a real web server. */
export class WsFlow {
  readonly #inboxes = new Map<Node, Inbox>();

  static async start(nodes: readonly FlowNode[], settings: object = {}): Promise<WsFlow> {
    runSenderProgram();
    await helper.startServer();
    helper.settings(settings);
    await loadFlow([wsBroadcastServer, wsBroadcastOut, websocketNodes, tlsNode, recorderNode], nodes);
    // What nodes report of their construction they report now.
    await setImmediate();
    const flow = new WsFlow();
    await flow.#sendersReady(nodes);
    return flow;
  }

  async stop(): Promise<void> {
    await unloadFlow();
    await helper.stopServer();
    helper.settings({});
  }

  get http(): Server {
    if (helper._server === undefined) throw new Error("the web server is not running");
    return helper._server;
  }

  get port(): number {
    return Number(new URL(helper.url()).port);
  }

  url(path = "/ws"): string {
    return `ws://127.0.0.1:${this.port}${path}`;
  }

  async deploy(nodes: readonly FlowNode[], type: DeployType = "full"): Promise<void> {
    await deploy(nodes, type);
    await setImmediate();
    await this.#sendersReady(nodes);
  }

  node(id: string): Node {
    return nodeOf(id);
  }

  server(id: string): BroadcastServerNode {
    return this.node(id) as BroadcastServerNode;
  }

  /** Why nobody can reach a server, in English. */
  unreachableReason(id = "server"): string | undefined {
    const reason = this.server(id).broadcast?.unreachableReason;
    return reason && inEnglish(reason);
  }

  /** What a node has logged as errors. */
  errorsOf(id: string): string[] {
    return this.#loggedBy(id, "error");
  }

  warningsOf(id: string): string[] {
    return this.#loggedBy(id, "warn");
  }

  #loggedBy(id: string, level: "error" | "warn"): string[] {
    // Of the prototype: a node may divert its own.
    const spy = Object.getPrototypeOf(this.node(id))[level] as unknown as {
      getCalls(): { thisValue: Node; args: unknown[] }[];
    };
    const calls = spy.getCalls();
    return calls.filter(({ thisValue }) => thisValue.id === id).map(({ args }) => String(args[0]));
  }

  /** Until then, servers with sender processes serve clients themselves. */
  async #sendersReady(nodes: readonly FlowNode[]): Promise<void> {
    const servers = nodes.flatMap(({ id }) => (helper.getNode(id) as Partial<BroadcastServerNode> | null) ?? []);
    await Promise.all(servers.map(({ broadcast }) => broadcast?.senders?.ready()));
  }

  /** The next message that a recorder gets or has got; or another node, since this was called first for it. */
  async next(id: string): Promise<Record<string, unknown>> {
    return await this.inbox(id).next();
  }

  inbox(id: string): Inbox {
    const node = this.node(id);
    const inbox = (node as Partial<RecorderNode>).inbox ?? this.#inboxes.get(node) ?? new Inbox(node);
    this.#inboxes.set(node, inbox);
    return inbox;
  }
}
