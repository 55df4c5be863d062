import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type Clock, systemClock } from "../../time/clock";
import { Refusal, sendRefusal } from "../admission/refusal";
import type { TlsMaterial } from "./tls-material";
import { destroy, type HandleUpgrade, pathOf } from "./upgrade-router";

/** For the headers of a request, and before them for the handshake of TLS. */
const REQUEST_TIMEOUT_MS = 5000;
const MAX_HEADER_BYTES = 16 * 1024;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 30_000;

export interface StandaloneServerOptions {
  /** Empty: all addresses. */
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly handler: HandleUpgrade;
  /** Told once for every change: why the port is not open, or `undefined` once it is. */
  readonly onReachability: (unreachableReason: string | undefined) => void;
  /** `undefined`: plain HTTP. */
  readonly tls: TlsMaterial | undefined;
}

/** A web server that has nothing but the endpoint. A port that is not free is tried again until it is. */
export class StandaloneServer {
  /** Missing when the certificate or key cannot be used. */
  readonly #server: Server | undefined;
  #retryMs = FIRST_RETRY_MS;
  #cancelRetry: (() => void) | undefined;
  #closed = false;

  constructor(
    private readonly options: StandaloneServerOptions,
    private readonly clock: Clock = systemClock,
  ) {
    const server = this.#create();
    this.#server = server;
    if (server === undefined) return;
    server.on("request", (_request, response) => {
      const body = JSON.stringify({ error: `this server only speaks WebSocket, at ${options.path}` });
      response.writeHead(426, { "Content-Type": "application/json", Upgrade: "websocket", Connection: "close" });
      response.end(body);
    });
    server.on("upgrade", (request, socket, head) => {
      socket.on("error", destroy);
      if (pathOf(request.url) === options.path) options.handler(request, socket, head);
      else sendRefusal(socket, new Refusal(404, `nothing is here: the readings are at ${options.path}`));
    });
    server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
      socket.on("error", destroy);
      if (error.code === "ECONNRESET") socket.destroy();
      else sendRefusal(socket, refusalOf(error));
    });
    server.on("listening", () => {
      if (this.#closed) {
        server.close();
        return;
      }
      this.#retryMs = FIRST_RETRY_MS;
      options.onReachability(undefined);
    });
    server.on("error", (error) => this.#fail(error));
    this.#listen();
  }

  /** Frees the port at once. Resolves when the sockets are gone, too: the clients have to be disconnected first. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelRetry?.();
    const server = this.#server;
    if (server?.listening !== true) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  #create(): Server | undefined {
    try {
      return createWebServer(this.options.tls);
    } catch (error) {
      // It names the kind of failure, never what is in the key.
      this.options.onReachability(`the certificate or key of the TLS configuration cannot be used: ${codeOf(error)}`);
      return undefined;
    }
  }

  #listen(): void {
    const { host, port } = this.options;
    this.#server?.listen(host === "" ? { port } : { host, port });
  }

  #fail(error: NodeJS.ErrnoException): void {
    this.options.onReachability(explain(error, this.options));
    if (this.#closed || this.#server?.listening === true) return;
    this.#cancelRetry?.();
    this.#cancelRetry = this.clock.timeout(() => this.#listen(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }
}

function createWebServer(tls: TlsMaterial | undefined): Server {
  const limits = {
    headersTimeout: REQUEST_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: 1000,
    maxHeaderSize: MAX_HEADER_BYTES,
  };
  if (tls === undefined) return createServer(limits);
  return createTlsServer({ ...limits, ...tls, handshakeTimeout: REQUEST_TIMEOUT_MS, minVersion: "TLSv1.2" });
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code ?? "unknown reason");
}

/** For a request that could not even be read. Source of the codes: the documentation of `http.Server`. */
function refusalOf({ code }: NodeJS.ErrnoException): Refusal {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return new Refusal(408, "the request took too long");
  if (code === "HPE_HEADER_OVERFLOW") return new Refusal(431, `the headers may have at most ${MAX_HEADER_BYTES} bytes`);
  return new Refusal(400, "this is no HTTP request");
}

function explain(error: NodeJS.ErrnoException, { host, port }: StandaloneServerOptions): string {
  const where = `port ${port} on ${host === "" ? "all addresses" : host}`;
  switch (error.code) {
    case "EADDRINUSE":
      return `${where} is in use by another program or server`;
    case "EACCES":
      return `${where} may not be opened: ports below 1024 need extra rights`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `${host} is not an address of this machine`;
    default:
      return `${where} cannot be opened: ${error.message}`;
  }
}
