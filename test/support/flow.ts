import { type EventEmitter, once } from "node:events";
import type { Node, NodeInitializer, NodeMessageInFlow, NodeStatus } from "node-red";
import helper from "node-red-node-test-helper";
import type { Fields, SavedConfig } from "../../nodes/lib/config/fields";

/** A node as it stands in a flow file. */
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly [property: string]: unknown;
}

export const TAB: FlowNode = { id: "tab", type: "tab", label: "test" };

/** Nodes without a place on the canvas would be taken for config nodes. */
const PLACE = { z: TAB.id, x: 0, y: 0 };

/** A node with all properties as the editor saves them for a new node, numbers as text, and with these changes. */
export function editorShaped<F extends Fields>(
  type: string,
  fields: F,
  changes: SavedConfig<F> & { readonly id: string; readonly wires?: readonly (readonly string[])[] },
): FlowNode {
  const saved: Record<string, unknown> = {};
  for (const [property, field] of Object.entries(fields)) {
    saved[property] = typeof field.default === "number" ? String(field.default) : field.default;
  }
  return { type, ...PLACE, name: "", wires: [], ...saved, ...changes };
}

/** A node of core, or any other that is given just as it is saved. */
export function placed(node: FlowNode): FlowNode {
  return { ...PLACE, wires: [], ...node };
}

/** A node that tests listen on. */
export function probe(id: string): FlowNode {
  return placed({ id, type: "helper" });
}

/** Starts a flow in a Node-RED runtime of this process. End it with `unloadFlow`. */
export async function loadFlow(nodes: NodeInitializer | NodeInitializer[], flow: readonly FlowNode[]): Promise<void> {
  await helper.load(nodes, [TAB, ...flow]);
}

export type DeployType = "full" | "flows" | "nodes";

/** Resolves once the new flow runs, however long that takes. */
export async function deploy(flow: readonly FlowNode[], type: DeployType): Promise<void> {
  const started = once(helper._events, "flows:started");
  await helper._redNodes.setFlows([TAB, ...flow], {}, type);
  await started;
}

/** "Modified nodes": all other nodes go on as they are. */
export async function deployModified(flow: readonly FlowNode[]): Promise<void> {
  await deploy(flow, "nodes");
}

export async function unloadFlow(): Promise<void> {
  await helper.unload();
}

export function nodeOf(id: string): Node {
  const node = helper.getNode(id);
  if (node === null) throw new Error(`no node ${id} in the running flow`);
  return node;
}

/** The next message that reaches a node. */
export async function nextMessage(id: string): Promise<NodeMessageInFlow> {
  const [message] = await once(nodeOf(id), "input");
  return message as NodeMessageInFlow;
}

/** The next messages that reach a node. */
export async function nextMessages(id: string, count: number): Promise<NodeMessageInFlow[]> {
  const messages: NodeMessageInFlow[] = [];
  const node = nodeOf(id);
  await new Promise<void>((resolve) => {
    const collect = (message: NodeMessageInFlow) => {
      if (messages.push(message) < count) return;
      node.off("input", collect);
      resolve();
    };
    node.on("input", collect);
  });
  return messages;
}

/** The next status of a node that is wanted. */
export async function nextStatus(id: string, wanted: (status: NodeStatus) => boolean): Promise<NodeStatus> {
  const emitter: EventEmitter = nodeOf(id);
  for (;;) {
    const [call] = (await once(emitter, "call:status")) as [{ args: [NodeStatus] }];
    if (wanted(call.args[0])) return call.args[0];
  }
}
