import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Backoff } from "../../net/backoff";
import { plainAddress } from "../../net/ip-address";
import { type Sentence, sentence } from "../../text/sentence";
import { type Clock, systemClock } from "../../time/clock";
import { Refusal, refusalBody, sendRefusal } from "../admission/refusal";
import { pathBelow } from "./http-handler";
import type { PathHandlers } from "./shared-server";
import type { TlsMaterial } from "./tls-material";
import { destroy, pathOf } from "./upgrade-router";

/** For the headers of a request, and before them for the handshake of TLS. */
const REQUEST_TIMEOUT_MS = 5000;
const MAX_HEADER_BYTES = 16 * 1024;
const RETRY = { firstMs: 500, lastMs: 5000 };

export interface StandaloneServerOptions {
  /** Empty: all addresses. */
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly handlers: PathHandlers & {
    /** Told of what this server refused by itself. */
    refused(address: string, refusal: Refusal): void;
  };
  /** Told once for every change: why the port is not open, or `undefined` once it is. */
  readonly onReachability: (unreachableReason: Sentence | undefined) => void;
  /** `undefined`: plain HTTP. */
  readonly tls: TlsMaterial | undefined;
}

/** A web server that has nothing but the endpoint. A port that is not free is tried again until it is. */
export class StandaloneServer {
  /** Missing when the certificate or key cannot be used. */
  readonly #server: Server | undefined;
  readonly #options: StandaloneServerOptions;
  readonly #clock: Clock;
  readonly #backoff = new Backoff(RETRY);
  /** TCP connections whose handshake of TLS is not through: `http.Server` does not know of them. */
  readonly #handshakes = new Map<string, Socket>();
  #cancelRetry: (() => void) | undefined;
  #closed = false;

  constructor(options: StandaloneServerOptions, clock: Clock = systemClock) {
    this.#options = options;
    this.#clock = clock;
    const server = this.#create();
    this.#server = server;
    if (server === undefined) return;
    if (options.tls !== undefined) this.#trackHandshakes(server);
    server.on("request", (request, response) => {
      const path = pathBelow(options.path, request);
      if (path !== undefined && options.handlers.request(request, response, path)) return;
      const refusal = new Refusal(404, sentence("admission.nothing-here", { path: options.path }));
      options.handlers.refused(addressOf(request.socket), refusal);
      const body = refusalBody(refusal);
      response.writeHead(404, { "Content-Type": "application/json", Connection: "close" });
      response.end(body);
    });
    server.on("upgrade", (request, socket, head) => {
      socket.on("error", destroy);
      if (pathOf(request.url) === options.path) options.handlers.upgrade(request, socket, head);
      else this.#refuse(socket, new Refusal(404, sentence("admission.nothing-here", { path: options.path })));
    });
    server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
      socket.on("error", destroy);
      if (error.code === "ECONNRESET") socket.destroy();
      else this.#refuse(socket, refusalOf(error));
    });
    server.on("listening", () => {
      if (this.#closed) {
        server.close();
        return;
      }
      this.#backoff.reset();
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
      for (const socket of this.#handshakes.values()) socket.destroy();
    });
  }

  #trackHandshakes(server: Server): void {
    server.on("connection", (socket: Socket) => {
      const peer = peerOf(socket);
      this.#handshakes.set(peer, socket);
      socket.on("close", () => {
        if (this.#handshakes.get(peer) === socket) this.#handshakes.delete(peer);
      });
    });
    server.on("secureConnection", (socket: Socket) => this.#handshakes.delete(peerOf(socket)));
  }

  #refuse(socket: Duplex, refusal: Refusal): void {
    this.#options.handlers.refused(addressOf(socket), refusal);
    sendRefusal(socket, refusal);
  }

  #create(): Server | undefined {
    try {
      return createWebServer(this.#options.tls);
    } catch (error) {
      // It names the kind of failure, never what is in the key.
      this.#options.onReachability(sentence("endpoint.tls-unusable", { code: codeOf(error) }));
      return undefined;
    }
  }

  #listen(): void {
    const { host, port } = this.#options;
    this.#server?.listen(host === "" ? { port } : { host, port });
  }

  #fail(error: NodeJS.ErrnoException): void {
    this.#options.onReachability(explain(error, this.#options));
    if (this.#closed || this.#server?.listening === true) return;
    this.#cancelRetry?.();
    this.#cancelRetry = this.#clock.timeout(() => this.#listen(), this.#backoff.next());
  }
}

/** Empty when the client is already gone. */
function addressOf(socket: Duplex): string {
  return plainAddress("remoteAddress" in socket ? String(socket.remoteAddress ?? "") : "", "drop");
}

/** The same for a TCP socket and for that of TLS upon it. */
function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
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
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return new Refusal(408, sentence("admission.too-slow"));
  if (code === "HPE_HEADER_OVERFLOW")
    return new Refusal(431, sentence("admission.headers-too-long", { max: MAX_HEADER_BYTES }));
  return new Refusal(400, sentence("admission.not-http"));
}

function explain(error: NodeJS.ErrnoException, options: StandaloneServerOptions): Sentence {
  const host = options.host === "" ? sentence("endpoint.all-addresses") : options.host;
  const port = sentence("endpoint.port", { port: options.port, host });
  switch (error.code) {
    case "EADDRINUSE":
      return sentence("endpoint.port-in-use", { port });
    case "EACCES":
      return sentence("endpoint.port-forbidden", { port });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return sentence("endpoint.not-our-address", { host });
    default:
      return sentence("endpoint.port-failed", { port, problem: error.message });
  }
}
