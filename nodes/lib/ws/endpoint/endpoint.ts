import type { Sentence } from "../../text/sentence";
import type { Refusal } from "../admission/refusal";
import { SharedServerError } from "./errors";
import type { HandleRequest } from "./http-handler";
import { attachToSharedServer, sharedServerProblem, type WebServer } from "./shared-server";
import { StandaloneServer, type StandaloneServerOptions } from "./standalone-server";
import type { TlsMaterial } from "./tls-material";
import type { HandleUpgrade } from "./upgrade-router";

export interface EndpointOptions {
  readonly path: string;
  /** `null`: on Node-RED's own web server. */
  readonly port: number | null;
  /** Of a port of its own; empty: all addresses. */
  readonly host: string;
  /** Of a port of its own; `undefined`: no TLS. */
  readonly tls?: TlsMaterial | undefined;
}

/** The address where a server is reached. Why nobody can reach it is reported to the server. */
export interface ServerEndpoint {
  /**
   * Now that the flows have changed: takes the path if it was somebody else's, and gives way to a node of core that has come to
   * it, for two answers to one request are of no use to anybody.
   */
  retry(): void;
  /** Frees the path or port at once, then disconnects the clients. Resolves when their sockets are gone. */
  close(): Promise<void>;
}

/** The server that is reached there, as much of it as an endpoint needs. */
export interface EndpointUser {
  readonly accept: HandleUpgrade;
  readonly handleRequest: HandleRequest;
  /** Told of requests that the endpoint refused by itself. */
  countRefusal(address: string, refusal: Refusal): void;
  /** Why clients cannot reach it, if so. */
  unreachableReason: Sentence | undefined;
  /** Resolves when every socket is gone. */
  shutdown(): Promise<void>;
}

/** Makes a server reachable, on a port of its own or on Node-RED's web server. */
export function openEndpoint(options: EndpointOptions, server: EndpointUser, web: WebServer): ServerEndpoint {
  const { path, port, host, tls } = options;
  return port === null ? openShared(path, server, web) : openStandalone({ path, port, host, tls }, server);
}

function openShared(path: string, server: EndpointUser, web: WebServer): ServerEndpoint {
  let detach: (() => void) | undefined;
  const tryAttach = (): void => {
    try {
      if (detach !== undefined) {
        const problem = sharedServerProblem(web, path);
        if (problem === undefined) return;
        detach();
        detach = undefined;
        throw problem;
      }
      detach = attachToSharedServer(web, path, { upgrade: server.accept, request: server.handleRequest });
      server.unreachableReason = undefined;
    } catch (error) {
      if (!(error instanceof SharedServerError)) throw error;
      server.unreachableReason = error.sentence;
    }
  };
  tryAttach();
  return {
    retry: tryAttach,
    close: async () => {
      detach?.();
      await server.shutdown();
    },
  };
}

function openStandalone(
  address: Pick<StandaloneServerOptions, "path" | "port" | "host" | "tls">,
  server: EndpointUser,
): ServerEndpoint {
  const standalone = new StandaloneServer({
    ...address,
    handlers: {
      upgrade: server.accept,
      request: server.handleRequest,
      refused: (address, refusal) => server.countRefusal(address, refusal),
    },
    onReachability: (unreachableReason) => {
      server.unreachableReason = unreachableReason;
    },
  });
  return {
    retry: () => undefined,
    close: async () => {
      await Promise.all([standalone.close(), server.shutdown()]);
    },
  };
}
