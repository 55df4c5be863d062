import type { EventEmitter } from "node:events";
import { sentence } from "../../text/sentence";
import { RouteTakenError, SharedServerError } from "./errors";
import type { HandleRequest } from "./http-handler";
import { addRequestRoute, type HttpApplication } from "./request-router";
import { type FlowNode, holderOf, underRoot, type WebSettings } from "./reserved-paths";
import { addRoute, type HandleUpgrade } from "./upgrade-router";

/** What Node-RED offers to those who want to be on its web server. */
export interface WebServer {
  /** Missing when Node-RED is embedded without a server. */
  readonly server: EventEmitter | undefined;
  /** Where flows answer HTTP requests, below `httpNodeRoot`. */
  readonly httpNode?: HttpApplication | undefined;
  readonly settings: WebSettings;
  /** All nodes of the deployed flows. */
  flow(): readonly FlowNode[];
}

/** Who answers on a path. */
export interface PathHandlers {
  readonly upgrade: HandleUpgrade;
  readonly request: HandleRequest;
}

/** Why a path of Node-RED's own web server cannot be had, or kept; `undefined` when it can, as far as other packages go. */
export function sharedServerProblem(
  { server, settings, flow }: WebServer,
  path: string,
): SharedServerError | undefined {
  const { httpNodeRoot } = settings;
  if (server === undefined || server === null) return new SharedServerError(sentence("endpoint.no-web-server"));
  if (httpNodeRoot === false) return new SharedServerError(sentence("endpoint.no-http-root"));
  const fullPath = underRoot(httpNodeRoot ?? "/", path);
  const holder = holderOf(fullPath, settings, flow());
  return holder && chooseAnother(sentence("endpoint.path-taken", { path: fullPath, holder }));
}

/**
 * Answers on a path of Node-RED's own web server.
 * @param path under `httpNodeRoot`
 * @returns gives the path back
 * @throws {SharedServerError}
 */
export function attachToSharedServer(web: WebServer, path: string, handlers: PathHandlers): () => void {
  const problem = sharedServerProblem(web, path);
  if (problem !== undefined) throw problem;
  const fullPath = underRoot(web.settings.httpNodeRoot || "/", path);
  const removeUpgrade = addUpgradeRoute(web.server as EventEmitter, fullPath, handlers.upgrade);
  const removeRequest = web.httpNode && addRequestRoute(web.httpNode, underRoot("/", path), handlers.request);
  return () => {
    removeUpgrade();
    removeRequest?.();
  };
}

function addUpgradeRoute(server: EventEmitter, path: string, handler: HandleUpgrade): () => void {
  try {
    return addRoute(server, path, handler);
  } catch (error) {
    throw error instanceof RouteTakenError ? chooseAnother(error.sentence) : error;
  }
}

function chooseAnother(problem: RouteTakenError["sentence"]): SharedServerError {
  return new SharedServerError(sentence("endpoint.choose-another", { problem }));
}
