import type { EventEmitter } from "node:events";
import { type FlowNode, holderOf, underRoot, type WebSettings } from "./reserved-paths";
import { addRoute, type HandleUpgrade, RouteTakenError } from "./upgrade-router";

/** What Node-RED offers to attachToSharedServer to. */
export interface WebServer {
  /** Missing when Node-RED is embedded without a server. */
  readonly server: EventEmitter | undefined;
  readonly settings: WebSettings;
  /** All nodes of the deployed flows. */
  flow(): readonly FlowNode[];
}

/** The endpoint cannot be on Node-RED's own web server. The message says why, and what to do. */
export class SharedServerError extends Error {
  readonly code = "NOT_ATTACHED";
}

/**
 * Answers on a path of Node-RED's own web server.
 * @param path under `httpNodeRoot`
 * @returns frees the path
 * @throws {SharedServerError}
 */
export function attachToSharedServer(web: WebServer, path: string, handler: HandleUpgrade): () => void {
  const { httpNodeRoot } = web.settings;
  if (web.server === undefined || web.server === null) {
    throw new SharedServerError("Node-RED runs without a web server here: set a port of its own for this server");
  }
  if (httpNodeRoot === false) {
    throw new SharedServerError(
      "httpNodeRoot is switched off in Node-RED's settings: set a port of its own for this server",
    );
  }
  const fullPath = underRoot(httpNodeRoot ?? "/", path);
  const holder = holderOf(fullPath, web.settings, web.flow());
  if (holder !== undefined) throw new SharedServerError(`the path ${fullPath} is taken by ${holder}: choose another`);
  try {
    return addRoute(web.server, fullPath, handler);
  } catch (error) {
    if (error instanceof RouteTakenError) throw new SharedServerError(`${error.message}: choose another`);
    throw error;
  }
}
