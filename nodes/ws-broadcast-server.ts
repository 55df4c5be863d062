import type { Node, NodeAPI, NodeDef } from "node-red";
import { ConfigError, parseConfig } from "./lib/config/fields";
import { BroadcastServer } from "./lib/ws/broadcast-server";
import { openEndpoint } from "./lib/ws/endpoint";
import type { FlowNode } from "./lib/ws/reserved-paths";
import { fields } from "./ws-broadcast-server.config";

/** What `ws-broadcast-out` uses of this node. */
export interface BroadcastServerNode extends Node {
  /** Missing when the configuration is not valid. */
  broadcast?: BroadcastServer;
}

export default (RED: NodeAPI): void => {
  function construct(this: BroadcastServerNode, def: NodeDef): void {
    RED.nodes.createNode(this, def);
    try {
      open(this, def);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.error(error.message);
    }
  }

  function open(node: BroadcastServerNode, def: NodeDef): void {
    const config = parseConfig(fields, def as object);
    const broadcast = new BroadcastServer(config, (error) => node.error(error));
    broadcast.watch((event) => {
      if (event.event === "trouble" && event.trouble !== undefined) node.error(event.trouble);
    });
    const endpoint = openEndpoint(config, broadcast, { server: RED.server, settings: RED.settings, flow });
    const retry = (): void => endpoint.retry();
    RED.events.on("flows:started", retry);
    node.broadcast = broadcast;
    node.on("close", (done: (error?: Error) => void) => {
      RED.events.off("flows:started", retry);
      endpoint.close().then(() => done(), done);
    });
  }

  function flow(): FlowNode[] {
    const nodes: FlowNode[] = [];
    RED.nodes.eachNode((node) => nodes.push({ ...node }));
    return nodes;
  }

  RED.nodes.registerType("ws-broadcast-server", construct);
};
