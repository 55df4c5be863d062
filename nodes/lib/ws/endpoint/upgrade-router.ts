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
    server.on("upgrade", router.onUpgrade);
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
  const path = (url ?? "/").split("?", 1)[0] ?? "/";
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
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
    },
  };
}

/** A reset at any moment of the handshake would otherwise be an uncaught exception. */
export function destroy(this: Duplex): void {
  this.destroy();
}
