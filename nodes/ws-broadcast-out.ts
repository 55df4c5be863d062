import type { Node, NodeAPI, NodeDef } from "node-red";
import { ConfigError, parseConfig } from "./lib/config/fields";
import { Throttle } from "./lib/time/throttle";
import { publish } from "./lib/ws/publisher";
import { statusOf } from "./lib/ws/status";
import { fields } from "./ws-broadcast-out.config";
import type { BroadcastServerNode } from "./ws-broadcast-server";

const STATUS_INTERVAL_MS = 1000;

export default (RED: NodeAPI): void => {
  function construct(this: Node, def: NodeDef): void {
    RED.nodes.createNode(this, def);
    try {
      open(this, def);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.status({ fill: "red", shape: "ring", text: "bad configuration" });
      this.error(error.message);
    }
  }

  function open(node: Node, def: NodeDef): void {
    const config = parseConfig(fields, def as object);
    const serverNode = RED.nodes.getNode(config.server) as BroadcastServerNode | null;
    const server = serverNode?.broadcast;

    node.on("input", (msg, send, done) => {
      let failure: Error | undefined;
      try {
        const answer = publish(msg, server, config);
        if (answer !== undefined && config.events) send({ ...msg, payload: answer });
      } catch (error) {
        failure = error as Error;
      }
      done(failure);
    });

    const status = new Throttle(STATUS_INTERVAL_MS, () => node.status(statusOf(server)));
    const stopWatching = server?.watch((event) => {
      status.request();
      if (config.events && event.event !== "reachability")
        node.send({ event: event.event, payload: event, ...clientOf(event) });
    });
    status.request();
    node.on("close", () => {
      stopWatching?.();
      status.stop();
    });
  }

  RED.nodes.registerType("ws-broadcast-out", construct);
};

/** As `msg.client`, so that an answer finds its way back. */
function clientOf(event: object): { client?: string } {
  return "client" in event && typeof event.client === "string" ? { client: event.client } : {};
}
