import type { Node, NodeAPI, NodeDef } from "node-red";
import { jwtKeyProblem } from "./lib/access/jwt-key-problem";
import { publicTokens } from "./lib/access/public-tokens";
import { tokensWithEnvironment } from "./lib/access/token-environment";
import { handlerOf } from "./lib/cockpit/endpoint";
import { runningListeners } from "./lib/cockpit/running-listeners";
import { type RunningServer, serverEndpoints } from "./lib/cockpit/server-endpoints";
import { listenerFigures } from "./lib/metrics/listener-figures";
import { NodeOwner } from "./lib/node/node-owner";
import { UserError } from "./lib/text/user-error";
import type { BroadcastServer } from "./lib/ws/broadcast-server";
import { boundHost } from "./lib/ws/endpoint/bound-host";
import { flowNodes } from "./lib/ws/endpoint/reserved-paths";
import { ServerRegistry } from "./lib/ws/server-registry";
import { serverConfig } from "./ws-broadcast-server.config";

const TYPE = "ws-broadcast-server";

/** By the id of their node. Of the module, for the endpoints of a package that is removed and installed again stay the first. */
const running = new Map<string, RunningServer>();

/** Admin APIs that have the endpoints: they keep them when the package is removed, and when it is installed again. */
const served = new WeakSet<object>();

/** What `ws-broadcast-out` uses of this node. */
export interface BroadcastServerNode extends Node<{ tokens?: unknown; jwtKey?: unknown }> {
  /** Missing when there is a `problem`. */
  broadcast?: BroadcastServer;
  /** The nodes that send with it, by id: Node-RED gives this node's errors to whoever catches theirs. */
  users?: Record<string, Node>;
  /** Why there is no server: the configuration or a secret is not valid. */
  problem?: UserError;
}

export default (RED: NodeAPI): void => {
  const servers = new ServerRegistry({
    web: { server: RED.server, httpNode: RED.httpNode, settings: RED.settings, flow: () => flowNodes(RED.nodes) },
    listeners: () => listenerFigures(runningListeners.values()),
    nodeOf: (id) => RED.nodes.getNode(id),
    credentialsOf: (id) => RED.nodes.getCredentials(id),
    onFlowsStarted(callback) {
      RED.events.on("flows:started", callback);
      return () => RED.events.off("flows:started", callback);
    },
    onError: (error) => RED.log.error(String(error)),
  });

  function construct(this: BroadcastServerNode, def: NodeDef): void {
    RED.nodes.createNode(this, def);
    this.users = {};
    const { id, name = "" } = this;
    const identity = { id, editorId: this._alias ?? id, name };
    const owner = new NodeOwner(this, RED._);
    const setting = (name: string): unknown => RED.util.getSetting(this, name);
    try {
      const config = serverConfig(def as object, setting);
      const tokens = tokensWithEnvironment(this.credentials?.tokens, setting);
      const server = servers.open(owner, { config, credentials: { ...this.credentials, tokens } });
      this.broadcast = server.broadcast;
      const place = { path: config.path, port: config.port, host: server.host, isTls: config.tls !== "" };
      running.set(id, { node: identity, place, server: server.broadcast });
      this.on("close", (removed: boolean, done: (error?: Error) => void) => {
        running.delete(id);
        server.close(removed).then(() => done(), done);
      });
    } catch (problem) {
      if (!(problem instanceof UserError)) throw problem;
      this.problem = problem;
      running.set(id, { node: identity, place: undefined, server: problem });
      this.on("close", () => running.delete(id));
      owner.error(problem);
    }
  }

  RED.nodes.registerType(TYPE, construct, {
    credentials: { tokens: { type: "password" }, jwtKey: { type: "password" } },
  });
  if (served.has(RED.httpAdmin)) return;
  served.add(RED.httpAdmin);
  const endpoints = serverEndpoints({
    servers: running,
    readPlace(options, { id, needsToken }) {
      const node = RED.nodes.getNode(id);
      const setting = (name: string): unknown => (node === null ? process.env[name] : RED.util.getSetting(node, name));
      const { path, port, tls, host, allow } = serverConfig(options, setting);
      return { path, port, host: boundHost({ host, needsToken, allow }), isTls: tls !== "" };
    },
  });
  for (const endpoint of endpoints) {
    RED.httpAdmin[endpoint.method](endpoint.path, RED.auth.needsPermission(endpoint.permission), handlerOf(endpoint));
  }
  RED.httpAdmin.get(`/${TYPE}/:id/tokens`, RED.auth.needsPermission("flows.write"), (request, response) => {
    response.json(publicTokens(RED.nodes.getCredentials(String(request.params.id))));
  });
  RED.httpAdmin.post(`/${TYPE}/:id/jwt-key`, RED.auth.needsPermission("flows.write"), (request, response) => {
    const saved = RED.nodes.getCredentials(String(request.params.id));
    response.json({ problem: jwtKeyProblem(request.body, saved)?.translated(RED._) });
  });
};
