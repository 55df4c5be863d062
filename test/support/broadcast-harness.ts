import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { AccessControl } from "../../nodes/lib/access/access-control";
import type { Sentence } from "../../nodes/lib/text/sentence";
import type { LoopClock } from "../../nodes/lib/time/loop-clock";
import { BroadcastServer, type ServerCounts } from "../../nodes/lib/ws/broadcast-server";
import { type HandleRequest, pathBelow } from "../../nodes/lib/ws/endpoint/http-handler";
import { addRoute } from "../../nodes/lib/ws/endpoint/upgrade-router";
import type { OnPass } from "../../nodes/lib/ws/hub/pass-timer";
import { encodePayload } from "../../nodes/lib/ws/hub/payload";
import type { ClientInfo, ServerEvent } from "../../nodes/lib/ws/server-events";
import type { BroadcastServerOptions } from "../../nodes/lib/ws/server-options";
import { type Answer, askUpgrade, type UpgradeRequest } from "./raw-http";
import { senderProgram } from "./sender-program";
import { type ConnectOptions, WsClient } from "./ws-client";

const LOOPBACK = "127.0.0.1";
const PATH = "/ws";
/** No test waits for the heartbeat unless it asks for another one. */
const SETTINGS: BroadcastServerOptions = {
  mode: "stream",
  slow: "skip",
  maxAge: 1000,
  logBytes: 1024 * 1024,
  replay: true,
  expire: 0,
  historyReadings: 0,
  historySeconds: 0,
  historyBytes: 1024 * 1024,
  compress: false,
  heartbeat: 3600,
  origins: [],
  maxClients: 0,
  maxClientsPerAddress: 0,
  senders: 0,
};

export interface HarnessOptions {
  readonly settings?: Partial<BroadcastServerOptions>;
  /** Default: the clock of the system. Sender processes keep that one in any case. */
  readonly clock?: LoopClock;
  /** What sender processes run; default: all of it in one file. */
  readonly senderProgram?: string;
  /** Default: everybody may read everything. */
  readonly access?: AccessControl;
  /** What is given out below the path; default: nothing. */
  readonly assets?: HandleRequest;
  readonly onPass?: OnPass;
  /** Throws where sender processes would not run what this one does. */
  readonly checkFiles?: () => void;
}

/** A broadcast server at `/ws` of a web server of its own, on a free port of the loopback interface. */
export class BroadcastHarness {
  readonly broadcast: BroadcastServer;
  /** Everything that happened to clients so far. */
  readonly events: ServerEvent[] = [];
  readonly #http: Server;
  /** What the user is told. */
  readonly notices: Sentence[] = [];
  readonly #errors: unknown[] = [];
  readonly #cleanUps: (() => unknown)[] = [];

  private constructor(http: Server, { settings, clock, access, assets, ...options }: HarnessOptions) {
    this.#http = http;
    this.broadcast = new BroadcastServer(
      { ...SETTINGS, ...settings },
      {
        onError: (error) => this.#errors.push(error),
        onNotice: (notice) => this.notices.push(notice),
        senderProgram: options.senderProgram ?? (settings?.senders ? senderProgram() : undefined),
        clock,
        access,
        assets,
        onPass: options.onPass,
        checkFiles: options.checkFiles,
      },
    );
    this.broadcast.watch((event) => this.events.push(event));
    addRoute(http, PATH, this.broadcast.accept);
    http.on("request", (request, response) => {
      const path = pathBelow(PATH, request);
      if (path === undefined || !this.broadcast.handleRequest(request, response, path)) response.writeHead(404).end();
    });
  }

  /** @param awaitsSenders whether to wait until all sender processes are ready */
  static async start(options: HarnessOptions = {}, { awaitsSenders = true } = {}): Promise<BroadcastHarness> {
    const http = createServer().listen(0, LOOPBACK);
    await once(http, "listening");
    const harness = new BroadcastHarness(http, options);
    if (awaitsSenders) await harness.broadcast.senders?.ready();
    return harness;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  /** @param query with its question mark */
  url(query = ""): string {
    return `ws://${LOOPBACK}:${this.port}${PATH}${query}`;
  }

  connect(query = "", options: ConnectOptions = {}): Promise<WsClient> {
    return WsClient.connect(this.url(query), options);
  }

  /** The answer to a request that is refused. */
  ask(request: Partial<UpgradeRequest> = {}): Promise<Answer> {
    return askUpgrade({ port: this.port, ...request });
  }

  /** The same place by HTTP. @param path below that of the server */
  webUrl(path = ""): string {
    return `http://${LOOPBACK}:${this.port}${PATH}${path}`;
  }

  /** What the server counts now, wherever its clients are served. */
  async counts(): Promise<ServerCounts> {
    await this.broadcast.refresh();
    return this.broadcast.counts();
  }

  /** The same of each client. */
  async clients(): Promise<ClientInfo[]> {
    await this.broadcast.refresh();
    return this.broadcast.clients();
  }

  /** Publishes any payload, as a flow does. */
  publishPayload(topic: string, payload: unknown, time?: number): void {
    this.broadcast.publish(topic, encodePayload(payload), time === undefined ? {} : { time });
  }

  /** Publishes a text, by default that of the topic. */
  publish(topic: string, body = topic): void {
    this.broadcast.publish(topic, { kind: "text", body }, {});
  }

  /** Has something done before the server is stopped. */
  after(cleanUp: () => unknown): void {
    this.#cleanUps.push(cleanUp);
  }

  /** Ends the server and all its clients. Fails if it reported an error of its own meanwhile. */
  async stop(): Promise<void> {
    for (const cleanUp of this.#cleanUps.splice(0).reverse()) await cleanUp();
    await this.broadcast.shutdown();
    this.#http.close();
    this.#http.closeAllConnections();
    await once(this.#http, "close");
    assert.deepEqual(this.#errors, []);
  }
}
