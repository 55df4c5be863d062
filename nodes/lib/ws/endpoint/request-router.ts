import type { Middleware } from "./guards/middleware-guard";
import { type HandleRequest, pathBelow } from "./http-handler";

/** What is used of an Express application, such as `RED.httpNode`: it adds a function that sees all requests. */
export interface HttpApplication {
  use(handler: Middleware): unknown;
  /** What it makes the prototypes of requests and responses. */
  readonly request?: object;
  readonly response?: object;
}

interface RequestRouter {
  readonly routes: Map<string, HandleRequest>;
  readonly middleware: Middleware;
}

const routers = new WeakMap<HttpApplication, RequestRouter>();

/**
 * Routes what is read at and below one path of a shared application to a handler. All routes of an application share one
 * function in it, which is there only while there are routes. What nobody here answers goes on as if there were no route.
 *
 * @param path as the application sees it, without a trailing slash
 * @returns removes the route
 */
export function addRequestRoute(application: HttpApplication, path: string, handler: HandleRequest): () => void {
  let router = routers.get(application);
  if (router === undefined) {
    router = createRouter();
    routers.set(application, router);
    application.use(router.middleware);
  }
  const { routes, middleware } = router;
  routes.set(path, handler);
  return () => {
    if (routes.get(path) !== handler) return;
    routes.delete(path);
    if (routes.size > 0) return;
    routers.delete(application);
    removeMiddleware(application, middleware);
  };
}

function createRouter(): RequestRouter {
  const routes = new Map<string, HandleRequest>();
  return {
    routes,
    middleware(request, response, next) {
      for (const [base, handler] of routes) {
        const path = pathBelow(base, request);
        if (path !== undefined && handler(request, response, path)) return;
      }
      next();
    },
  };
}

/** Express can only add. Where its list is kept: `_router` of version 4, whose `router` throws; `router` of version 5. */
function removeMiddleware(application: object, middleware: Middleware): void {
  const property = "_router" in application ? "_router" : "router";
  const { stack } = (Reflect.get(application, property) ?? {}) as { readonly stack?: { readonly handle?: unknown }[] };
  const index = stack?.findIndex(({ handle }) => handle === middleware) ?? -1;
  if (index !== -1) stack?.splice(index, 1);
}
