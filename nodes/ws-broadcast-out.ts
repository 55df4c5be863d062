import type { Node, NodeAPI, NodeDef } from "node-red";
import { PropertyError, parseConfig } from "./lib/config/fields";
import { NodeReports } from "./lib/node/node-reports";
import { translatedError } from "./lib/text/translated-error";
import { Throttle } from "./lib/time/throttle";
import { publish } from "./lib/ws/publisher";
import { BAD_CONFIGURATION, statusOf } from "./lib/ws/status";
import { fields } from "./ws-broadcast-out.config";
import type { BroadcastServerNode } from "./ws-broadcast-server";

const TYPE = "ws-broadcast-out";
const STATUS_INTERVAL_MS = 1000;

export default (RED: NodeAPI): void => {
  function construct(this: Node, def: NodeDef): void {
    RED.nodes.createNode(this, def);
    const reports = new NodeReports(this, RED._);
    try {
      open(this, def, reports);
    } catch (error) {
      if (!(error instanceof PropertyError)) throw error;
      reports.status(BAD_CONFIGURATION);
      reports.error(error);
    }
  }

  function open(node: Node, def: NodeDef, reports: NodeReports): void {
    const config = parseConfig(fields, def as object, {
      type: TYPE,
      environment: (name) => RED.util.getSetting(node, name),
    });
    const serverNode = serverNodeOf(config.server);
    const server = serverNode?.broadcast;
    const users = serverNode?.users ?? {};
    users[node.id] = node;

    node.on("input", (msg, send, done) => {
      let failure: Error | undefined;
      try {
        const answer = publish(msg, server, config);
        if (answer !== undefined && config.events) send({ ...msg, payload: answer });
      } catch (error) {
        failure = translatedError(error, RED._);
      }
      done(failure);
    });

    const status = new Throttle(STATUS_INTERVAL_MS, () => reports.status(statusOf(server)));
    const stopWatching = server?.watch((event) => {
      status.request();
      if (config.events && event.event !== "reachability")
        node.send({ event: event.event, payload: event, ...clientOf(event) });
    });
    status.request();
    node.on("close", () => {
      delete users[node.id];
      stopWatching?.();
      status.stop();
    });
  }

  function serverNodeOf(id: string): BroadcastServerNode | undefined {
    const node = RED.nodes.getNode(id);
    return node?.type === "ws-broadcast-server" ? (node as BroadcastServerNode) : undefined;
  }

  RED.nodes.registerType(TYPE, construct);
};

/** As `msg.client`, so that an answer finds its way back. */
function clientOf(event: object): { client?: string } {
  return "client" in event && typeof event.client === "string" ? { client: event.client } : {};
}
