import type { Node, NodeAPI, NodeDef } from "node-red";
import { readAccess } from "./lib/access/access-settings";
import { AccessError } from "./lib/access/errors";
import { publicTokens } from "./lib/access/public-tokens";
import { PropertyError, parseConfig } from "./lib/config/fields";
import type { BroadcastServer } from "./lib/ws/broadcast-server";
import { exposureWarning } from "./lib/ws/endpoint/bound-host";
import type { FlowNode } from "./lib/ws/endpoint/reserved-paths";
import { tlsMaterialOf } from "./lib/ws/endpoint/tls-material";
import { ManagedServer } from "./lib/ws/managed-server";
import { ParkedServers } from "./lib/ws/parked-servers";
import { fields } from "./ws-broadcast-server.config";

const TYPE = "ws-broadcast-server";

/** What `ws-broadcast-out` uses of this node. */
export interface BroadcastServerNode extends Node<{ tokens?: unknown; jwtKey?: unknown }> {
  /** Missing when the configuration is not valid. */
  broadcast?: BroadcastServer;
}

export default (RED: NodeAPI): void => {
  const parkedServers = new ParkedServers<ManagedServer>((server) => {
    server.close().catch((error) => RED.log.error(String(error)));
  });

  /** One listener for all of them: Node.js warns of a leak when there are more than ten. */
  const servers = new Set<ManagedServer>();
  const retryAll = (): void => {
    for (const server of servers) server.retry();
  };

  function construct(this: BroadcastServerNode, def: NodeDef): void {
    RED.nodes.createNode(this, def);
    try {
      open(this, def);
    } catch (error) {
      if (!(error instanceof PropertyError || error instanceof AccessError)) throw error;
      this.error(error instanceof PropertyError ? error.translated(RED._) : error.message);
    }
  }

  function open(node: BroadcastServerNode, def: NodeDef): void {
    const config = parseConfig(fields, def as object, {
      type: TYPE,
      environment: (name) => RED.util.getSetting(node, name),
    });
    const tls = config.port === null ? undefined : tlsMaterialOf(config.tls, (id) => RED.nodes.getNode(id));
    const access = readAccess(config, node.credentials, node);
    if (config.port !== null) {
      const { port } = config;
      const warning = exposureWarning({ ...config, port, needsToken: !access.isOpen, isTls: tls !== undefined });
      if (warning !== undefined) node.warn(warning);
    }
    const predecessor = parkedServers.take(node.id, (server) => server.canReuse(config, tls, access));
    predecessor?.passTo(node, access);
    const web = { server: RED.server, settings: RED.settings, flow };
    const server = predecessor ?? new ManagedServer(config, tls, access, node, web);
    if (servers.size === 0) RED.events.on("flows:started", retryAll);
    servers.add(server);
    node.broadcast = server.broadcast;

    const secrets = secretsOf(node.id);
    node.on("close", (removed: boolean, done: (error?: Error) => void) => {
      servers.delete(server);
      if (servers.size === 0) RED.events.off("flows:started", retryAll);
      // What is deployed is already in force: other secrets mean that a successor is on its way.
      if (!removed && secretsOf(node.id) !== secrets) {
        parkedServers.park(node.id, server);
        RED.events.once("flows:started", () => parkedServers.endAll());
        done();
      } else {
        server.close().then(() => done(), done);
      }
    });
  }

  /** Of the deployed flows; as text, since Node-RED changes the object in place. */
  function secretsOf(id: string): string {
    return JSON.stringify(RED.nodes.getCredentials(id) ?? {});
  }

  function flow(): FlowNode[] {
    const nodes: FlowNode[] = [];
    RED.nodes.eachNode((node) => nodes.push({ ...node }));
    return nodes;
  }

  RED.nodes.registerType(TYPE, construct, {
    credentials: { tokens: { type: "password" }, jwtKey: { type: "password" } },
  });
  RED.httpAdmin.get(`/${TYPE}/:id/tokens`, RED.auth.needsPermission("flows.write"), (request, response) => {
    response.json(publicTokens(RED.nodes.getCredentials(String(request.params.id))));
  });
};
