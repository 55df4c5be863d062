import { type AccessSecrets, type AccessSettings, readAccess } from "../access/access-settings";
import { originWarning } from "../access/origin";
import type { Sentence } from "../text/sentence";
import type { BroadcastServer } from "./broadcast-server";
import { exposureWarning, sharedExposureWarning } from "./endpoint/bound-host";
import { isProtected } from "./endpoint/guards/node-red-guard";
import { tlsMaterialOf } from "./endpoint/tls-material";
import {
  ManagedServer,
  type ServerOwner,
  type ServerPlan,
  type ServerSettings,
  type ServerSurroundings,
} from "./managed-server";
import { ParkedServers } from "./parked-servers";

/** What servers need of Node-RED. */
export interface FlowRuntime extends ServerSurroundings {
  /** The node that a configuration refers to by its id. */
  nodeOf(id: string): unknown;
  /** The credentials of a node as they are deployed: on a deploy, already those of its successor. */
  credentialsOf(id: string): unknown;
  /** Calls back whenever a deploy is through. @returns stops it */
  onFlowsStarted(callback: () => void): () => void;
  /** Told of an error of our own that concerns no node any more. */
  onError(error: unknown): void;
}

export interface ServerConfig extends ServerSettings, AccessSettings {
  /** Id of a `tls-config` node; empty: no TLS. */
  readonly tls: string;
}

/** A node with a server. */
export interface ServerNode extends ServerOwner {
  readonly id: string;
}

export interface ServerPlanParts {
  readonly config: ServerConfig;
  readonly credentials: AccessSecrets;
}

/** What a node has of its server. */
export interface ServerLease {
  readonly broadcast: BroadcastServer;
  /** What a server of its own binds. */
  readonly host: string;
  /**
   * Ends the server, or keeps it for the node's successor.
   * @param removed the node has none
   */
  close(removed: boolean): Promise<void>;
}

/** All servers of a Node-RED. Only one that changes in its secrets alone survives the deploy of its node. */
export class ServerRegistry {
  readonly #runtime: FlowRuntime;
  readonly #parked: ParkedServers<ManagedServer>;
  readonly #servers = new Set<ManagedServer>();
  #stopListening: (() => void) | undefined;

  constructor(runtime: FlowRuntime) {
    this.#runtime = runtime;
    this.#parked = new ParkedServers((server) => {
      server.close().catch((error) => runtime.onError(error));
    });
  }

  /**
   * The server of a node: a new one, or that of the node's predecessor.
   * @throws {ConfigError} for a TLS configuration that cannot be used
   * @throws {AccessError} when it cannot be told who may get in
   */
  open(node: ServerNode, parts: ServerPlanParts): ServerLease {
    const plan = this.#planOf(node, parts);
    const predecessor = this.#parked.take(node.id, (server) => server.canReuse(plan));
    predecessor?.passTo(node, plan.access);
    const server = predecessor ?? new ManagedServer(plan, node, this.#runtime);
    this.#add(server);

    // As text, since Node-RED changes the object in place.
    const secrets = JSON.stringify(this.#runtime.credentialsOf(node.id) ?? {});
    return {
      broadcast: server.broadcast,
      host: server.host,
      close: async (removed) => {
        this.#remove(server);
        const isSucceeded = !removed && JSON.stringify(this.#runtime.credentialsOf(node.id) ?? {}) !== secrets;
        if (isSucceeded) this.#park(node.id, server);
        else await server.close();
      },
    };
  }

  #planOf(node: ServerNode, { config, credentials }: ServerPlanParts): ServerPlan {
    const { port } = config;
    const tls = port === null ? undefined : tlsMaterialOf(config.tls, (id) => this.#runtime.nodeOf(id));
    const access = readAccess(config, credentials, {
      warn: (warning) => node.warn(warning),
      error: (error) => node.error(error),
    });
    const any = originWarning(config.origins);
    if (any !== undefined) node.warn(any);
    const open = { ...config, port, needsToken: !access.isOpen, isTls: tls !== undefined };
    const warning = port === null ? this.#sharedExposure(open) : exposureWarning({ ...open, port });
    if (warning !== undefined) node.warn(warning);
    return { settings: config, tls, access };
  }

  #sharedExposure(open: { path: string; needsToken: boolean; allow: readonly string[] }): Sentence | undefined {
    const { settings } = this.#runtime.web;
    return isProtected(settings) ? undefined : sharedExposureWarning({ ...open, host: settings.uiHost ?? "" });
  }

  #park(id: string, server: ManagedServer): void {
    this.#parked.park(id, server);
    const stop = this.#runtime.onFlowsStarted(() => {
      stop();
      this.#parked.endAll();
    });
  }

  /** One listener for all of them: Node.js warns of a leak when there are more than ten. */
  #add(server: ManagedServer): void {
    this.#servers.add(server);
    this.#stopListening ??= this.#runtime.onFlowsStarted(() => {
      for (const each of this.#servers) each.retry();
    });
  }

  #remove(server: ManagedServer): void {
    this.#servers.delete(server);
    if (this.#servers.size > 0) return;
    this.#stopListening?.();
    this.#stopListening = undefined;
  }
}
