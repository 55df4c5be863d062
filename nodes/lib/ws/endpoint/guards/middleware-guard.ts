import { type IncomingMessage, ServerResponse } from "node:http";
import { sentence } from "../../../text/sentence";
import { Refusal } from "../../admission/refusal";
import type { UpgradeGuard } from "../../admission/upgrade-guard";

/** A function as Express takes it: calls `next`, without an error, for whoever may go on; else it ends the response. */
export type Middleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => unknown;

/** What an Express application adds to each request and response. */
export interface ExpressPrototypes {
  readonly request?: object | undefined;
  readonly response?: object | undefined;
}

/** Asks functions that guard HTTP requests. What they would answer is not sent: a WebSocket cannot show it. */
export function middlewareGuard(functions: readonly Middleware[], prototypes: ExpressPrototypes): UpgradeGuard {
  return async (request) => {
    const response = new ServerResponse(request);
    if (prototypes.request !== undefined) Object.setPrototypeOf(request, prototypes.request);
    if (prototypes.response !== undefined) Object.setPrototypeOf(response, prototypes.response);
    Object.assign(response, { req: request, locals: {} });
    for (const each of functions) {
      if (await goesOn(each, request, response)) continue;
      return new Refusal(response.statusCode === 401 ? 401 : 403, sentence("guards.http-node-auth"));
    }
    return undefined;
  };
}

function goesOn(middleware: Middleware, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  return new Promise((resolve, reject) => {
    response.end = () => {
      resolve(false);
      return response;
    };
    const result = middleware(request, response, (error) => resolve(error === undefined || error === null));
    if (result instanceof Promise) result.catch(reject);
  });
}
