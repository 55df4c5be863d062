import type { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { sentence } from "../../text/sentence";
import { RouteTakenError } from "./errors";

/**
 * Takes a socket over, and answers it at once: other users of the same web server end upgrades that stay silent, some
 * after one second. Must not throw.
 */
export type HandleUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

interface UpgradeRouter {
  readonly routes: Map<string, HandleUpgrade>;
  readonly onUpgrade: HandleUpgrade;
}

const routers = new WeakMap<EventEmitter, UpgradeRouter>();

/**
 * Routes upgrades of exactly one path of a shared `http.Server` to a handler. All routes of a server share one listener,
 * which is there only while there are routes. Sockets of other paths are not touched: they belong to somebody else.
 * Others on the server see requests of the path, too, but not their query: the editor and core's WebSocket nodes parse each
 * URL with `url.parse`, which takes the loop of all of them half a millisecond for one of 15 KB.
 *
 * @param path without a trailing slash; requests may have one
 * @returns removes the route
 * @throws {RouteTakenError}
 */
export function addRoute(server: EventEmitter, path: string, handler: HandleUpgrade): () => void {
  let router = routers.get(server);
  if (router?.routes.has(path)) {
    throw new RouteTakenError(sentence("endpoint.path-taken", { path, holder: sentence("endpoint.holder-server") }));
  }
  if (router === undefined) {
    router = createRouter();
    routers.set(server, router);
    // Before those that would parse the query.
    server.prependListener("upgrade", router.onUpgrade);
  }
  const { routes, onUpgrade } = router;
  routes.set(path, handler);
  return () => {
    if (routes.get(path) !== handler) return;
    routes.delete(path);
    if (routes.size > 0) return;
    server.off("upgrade", onUpgrade);
    routers.delete(server);
  };
}

/** The path of a request: without its query, and without one trailing slash. */
export function pathOf(url: string | undefined): string {
  const path = withoutQuery(url ?? "/");
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

function withoutQuery(url: string): string {
  const query = url.indexOf("?");
  return query === -1 ? url : url.slice(0, query);
}

function createRouter(): UpgradeRouter {
  const routes = new Map<string, HandleUpgrade>();
  return {
    routes,
    onUpgrade(request, socket, head) {
      const handler = routes.get(pathOf(request.url));
      if (handler === undefined) return;
      socket.on("error", destroy);
      handler(request, socket, head);
      hideQuery(request);
    },
  };
}

/** From whoever is told of the request after us. */
function hideQuery(request: IncomingMessage): void {
  const { url } = request;
  if (url === undefined) return;
  const path = withoutQuery(url);
  if (path.length === url.length) return;
  request.url = path;
  process.nextTick(() => {
    request.url = url;
  });
}

/** A reset at any moment of the handshake would otherwise be an uncaught exception. */
export function destroy(this: Duplex): void {
  this.destroy();
}
