import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { AccessControl } from "../access/access-control";
import type { ServerFigures } from "../metrics/figures";
import { inEnglish, type Sentence } from "../text/sentence";
import type { Clock } from "../time/clock";
import { inSlices } from "../time/in-slices";
import { systemLoopClock } from "../time/loop-clock";
import { runAt } from "../time/run-at";
import { answerQuestion } from "./admission/question";
import type { Refusal } from "./admission/refusal";
import { RefusalTally } from "./admission/refusal-tally";
import { type AcceptedClient, type OpenedSocket, UpgradeHandler } from "./admission/upgrade-handler";
import { batchCheck } from "./batch-check";
import { ClientIds } from "./client-ids";
import {
  type CloseReason,
  DATA_NOT_ACCEPTED,
  INTERNAL_ERROR,
  SERVICE_RESTART,
  TOKEN_NO_LONGER_VALID,
  TOO_SLOW,
} from "./close-reasons";
import { Connection, type ConnectionListener } from "./connection";
import type { HandleRequest } from "./endpoint/http-handler";
import { Heartbeat } from "./heartbeat";
import { PING } from "./hub/frames/frames";
import { Hub, type PublishOptions } from "./hub/hub";
import type { HubClient } from "./hub/hub-client";
import type { EncodedPayload } from "./hub/payload";
import { idOf, infoOf, type Member } from "./member";
import type { ClientInfo, Watcher } from "./server-events";
import { serverFigures } from "./server-figures";
import { ServerInspector } from "./server-inspector";
import { type BroadcastServerOptions, historyBounds, type ServerContext } from "./server-options";
import { Watchers } from "./watchers";

/** Accepts WebSocket clients on the upgrade requests it is handed, and sends them what is published. */
export class BroadcastServer {
  readonly #members = new Map<string, Member>();
  readonly #watchers: Watchers;
  readonly #ids = new ClientIds();
  readonly #upgrades: UpgradeHandler;
  readonly #refusals: RefusalTally;
  readonly #heartbeat: Heartbeat;
  readonly #hub: Hub;
  readonly #clock: Clock;
  readonly #connectionListener: ConnectionListener = {
    textIgnored: () => {
      this.#ignored++;
    },
    tooMuchReceived: ({ id }) => {
      this.disconnect(id, DATA_NOT_ACCEPTED);
    },
    ponged: ({ id }, data) => {
      const member = this.#members.get(id);
      if (member !== undefined) this.#hub.pong(member.client, data);
    },
    pingFor: ({ id }) => {
      const member = this.#members.get(id);
      return member === undefined ? PING : this.#hub.pingFor(member.client);
    },
    closed: ({ id }, code, reason) => this.#leave(id, code, reason),
  };
  /** Answers who watches the server. */
  readonly inspector: ServerInspector;
  /** Answers plain HTTP requests at and below the path of the server: at the path itself, with what a WebSocket would be told. */
  readonly handleRequest: HandleRequest;
  #ignored = 0;
  #unreachableReason: Sentence | undefined;
  #emptied: (() => void) | undefined;

  constructor(options: BroadcastServerOptions, context: ServerContext) {
    const { onError, access = new AccessControl(), assets = () => false, clock = systemLoopClock } = context;
    this.#watchers = new Watchers(onError);
    this.#clock = clock;
    this.handleRequest = (request, response, path) =>
      assets(request, response, path) || (path === "" && this.#explain(request, response, onError));
    const report = (address: string, { status, reported }: Refusal): void =>
      this.#watchers.tell({ event: "refused", address, status, reason: inEnglish(reported) });
    this.#refusals = new RefusalTally({ report, log: context.onRefused ?? (() => undefined) }, clock);
    const upgradeListener = {
      joined: (opened: OpenedSocket, accepted: AcceptedClient) => this.#join(opened, accepted),
      refused: (address: string, refusal: Refusal) => this.#refusals.add(address, refusal),
      failed: onError,
    };
    this.#heartbeat = new Heartbeat(options.heartbeat * 1000, clock);
    this.#hub = new Hub({
      slow: options.slow,
      maxAge: options.maxAge,
      logBytes: options.logBytes,
      expire: options.expire,
      history: historyBounds(options),
      clock,
      onError,
      onPass: context.onPass,
      onSlow: (client) => this.#emitClient("slow", client),
      onRecovered: (client) => this.#emitClient("recovered", client),
      onTooSlow: (client) => this.disconnect(idOf(client), TOO_SLOW),
      onFailed: (client) => this.disconnect(idOf(client), INTERNAL_ERROR),
      onStalled: (client) => {
        this.#hub.leave(client);
        this.#members.get(idOf(client))?.connection.cutOff(TOO_SLOW);
      },
    });
    const check = batchCheck(this.#hub);
    this.#upgrades = new UpgradeHandler(options, upgradeListener, { access, clock, guard: context.guard, check });
    this.inspector = new ServerInspector({ hub: this.#hub, members: this.#members, refusals: this.#refusals }, clock);
  }

  /** Handles the upgrade request of a client, at once or, if its token takes long to check, within 0.8 s. Never throws. */
  readonly accept = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    this.#upgrades.accept(request, socket, head);
  };

  /** From now on another access control decides. Clients whose grant it does not hold are closed with 4001. */
  async changeAccess(access: AccessControl): Promise<void> {
    this.#upgrades.access = access;
    await this.#disconnectAll(({ accepted }) => !access.holds(accepted.grant), TOKEN_NO_LONGER_VALID);
  }

  /** Why clients cannot reach this server, if so. */
  get unreachableReason(): Sentence | undefined {
    return this.#unreachableReason;
  }

  set unreachableReason(reason: Sentence | undefined) {
    if (isSame(reason, this.#unreachableReason)) return;
    this.#unreachableReason = reason;
    this.#watchers.tell({ event: "reachability", unreachableReason: reason });
  }

  /**
   * @returns the sequence number of the reading
   * @throws {PayloadError} if it is larger than the log
   */
  publish(topic: string, payload: EncodedPayload, options: PublishOptions): number {
    return this.#hub.publish(topic, payload, options);
  }

  /** @returns false when there is no such client, or it is too far behind */
  sendTo(id: string, message: { topic: string; payload: EncodedPayload }, options: PublishOptions): boolean {
    const member = this.#members.get(id);
    return member !== undefined && this.#hub.sendTo(member.client, message, options);
  }

  has(id: string): boolean {
    return this.#members.has(id);
  }

  clients(): ClientInfo[] {
    return Array.from(this.#members.values(), (member) => infoOf(member, this.#hub));
  }

  /** How many requests were refused so far. */
  get refusedCount(): number {
    return this.#refusals.total;
  }

  /** For an endpoint that refuses a request before it gets here. */
  countRefusal(address: string, refusal: Refusal): void {
    this.#refusals.add(address, refusal);
  }

  get clientCount(): number {
    return this.#members.size;
  }

  /** @returns false when there is no such client */
  disconnect(id: string, reason: CloseReason): boolean {
    const member = this.#members.get(id);
    if (member === undefined) return false;
    this.#hub.leave(member.client);
    member.connection.close(reason);
    return true;
  }

  /** Removes the reading of a topic that new clients would get. */
  forget(topic: string): boolean {
    return this.#hub.forget(topic);
  }

  counts(): ReturnType<Hub["counts"]> & { refused: Readonly<Record<string, number>>; ignored: number } {
    return { ...this.#hub.counts(), refused: this.#refusals.byStatus, ignored: this.#ignored };
  }

  /** Linear in the number of clients, in slices. */
  async figures(): Promise<ServerFigures> {
    return await serverFigures({ hub: this.#hub, members: this.#members, refusals: this.#refusals });
  }

  /** Why a request may not read the metrics, if so. It counts as refused then. */
  async scrapeRefusal(request: IncomingMessage): Promise<Refusal | undefined> {
    return await this.#upgrades.scrapeRefusal(request);
  }

  /** @returns stops the watching */
  watch(watcher: Watcher): () => void {
    return this.#watchers.add(watcher);
  }

  /** Asks all clients to come back later. Resolves when every socket is gone: after a second at most. */
  async shutdown(): Promise<void> {
    this.#upgrades.close();
    this.#heartbeat.stop();
    await this.#disconnectAll(() => true, SERVICE_RESTART);
    if (this.#members.size > 0) {
      await new Promise<void>((resolve) => {
        this.#emptied = resolve;
      });
    }
    this.#hub.close();
  }

  #leave(id: string, code: number, reason: string): void {
    const member = this.#members.get(id);
    if (member === undefined) return;
    this.#members.delete(id);
    member.stopHeartbeat();
    member.stopExpiry?.();
    this.#hub.closed(member.client);
    this.#upgrades.leave(member.accepted);
    this.#watchers.tell({ event: "left", code, reason, ...infoOf(member, this.#hub) });
    if (this.#members.size === 0) this.#emptied?.();
  }

  #join({ ws, socket }: OpenedSocket, accepted: AcceptedClient): void {
    const id = this.#ids.next();
    const { address, subscription, grant } = accepted;
    const connection = new Connection({ id, address, ws, socket }, this.#connectionListener, this.#clock);
    const client = this.#hub.join(connection, subscription);
    const expire = (): void => {
      this.disconnect(id, TOKEN_NO_LONGER_VALID);
    };
    const member = {
      connection,
      client,
      accepted,
      stopHeartbeat: this.#heartbeat.add(connection),
      stopExpiry: grant?.expiresAt === undefined ? undefined : runAt(grant.expiresAt, expire, this.#clock),
    };
    this.#members.set(id, member);
    this.#watchers.tell({ event: "connected", ...infoOf(member, this.#hub) });
  }

  #explain(request: IncomingMessage, response: ServerResponse, onError: (error: unknown) => void): true {
    this.#upgrades.explain(request).then(
      (refusal) => answerQuestion(response, refusal),
      (error) => {
        response.destroy();
        onError(error);
      },
    );
    return true;
  }

  async #disconnectAll(chosen: (member: Member) => boolean, reason: CloseReason): Promise<void> {
    await inSlices([...this.#members], ([id, member]) => {
      if (chosen(member)) this.disconnect(id, reason);
    });
  }

  #emitClient(event: "slow" | "recovered", client: HubClient): void {
    const member = this.#members.get(idOf(client));
    if (member !== undefined) this.#watchers.tell({ event, ...infoOf(member, this.#hub) });
  }
}

function isSame(a: Sentence | undefined, b: Sentence | undefined): boolean {
  return (a && inEnglish(a)) === (b && inEnglish(b));
}
