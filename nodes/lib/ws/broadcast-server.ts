import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { AccessControl } from "../access/access-control";
import type { ServerFigures } from "../metrics/figures";
import { inEnglish, type Sentence, sentence } from "../text/sentence";
import type { Clock } from "../time/clock";
import { systemLoopClock } from "../time/loop-clock";
import type { AcceptedClient } from "./admission/admission";
import { handshakeHeaders } from "./admission/handshake";
import { answerQuestion } from "./admission/question";
import { Refusal } from "./admission/refusal";
import { RefusalTally } from "./admission/refusal-tally";
import { type CheckedUpgrade, type OpenedSocket, UpgradeHandler } from "./admission/upgrade-handler";
import { batchCheck } from "./batch-check";
import { ClientIds } from "./client-ids";
import { type CloseReason, SERVICE_RESTART, TOKEN_NO_LONGER_VALID } from "./clients/close-reasons";
import { LocalClients, type LocalClientsOptions } from "./clients/local-clients";
import type { ClientHost, ClientsListener } from "./clients/served-client";
import type { HandleRequest } from "./endpoint/http-handler";
import { sum } from "./hub/counts";
import type { HubCounts, PublishOptions, TargetedMessage } from "./hub/hub-options";
import type { EncodedPayload } from "./hub/payload";
import { infoOf } from "./member";
import { Roster } from "./roster";
import { SenderPool } from "./senders/sender-pool";
import type { ClientInfo, Watcher } from "./server-events";
import { serverFigures } from "./server-figures";
import { ServerInspector } from "./server-inspector";
import { type BroadcastServerOptions, historyBounds, type ServerContext } from "./server-options";
import { Watchers } from "./watchers";

export interface ServerCounts extends HubCounts {
  /** By status. */
  readonly refused: Readonly<Record<string, number>>;
  /** Texts that clients sent, to no effect. */
  readonly ignored: number;
  /** With senders: clients of which nobody knows what became of their last readings, for their process has ended. */
  readonly unknown?: number;
}

/** Accepts WebSocket clients on the upgrade requests it is handed, and sends them what is published. */
export class BroadcastServer {
  readonly #roster: Roster;
  readonly #watchers: Watchers;
  readonly #ids = new ClientIds();
  readonly #upgrades: UpgradeHandler;
  readonly #refusals: RefusalTally;
  readonly #clock: Clock;
  readonly #local: LocalClients;
  /** Other processes that serve clients, if so. */
  readonly senders: SenderPool | undefined;
  /** Wherever clients are served. */
  readonly #hosts: readonly ClientHost[];
  /** Answers who watches the server. */
  readonly inspector: ServerInspector;
  /** Answers plain HTTP requests at and below the path of the server: at the path itself, with what a WebSocket would be told. */
  readonly handleRequest: HandleRequest;
  #unreachableReason: Sentence | undefined;

  constructor(options: BroadcastServerOptions, context: ServerContext) {
    const { onError, access = new AccessControl(), assets = () => false, clock = systemLoopClock } = context;
    this.#watchers = new Watchers(onError);
    this.#roster = new Roster({
      watchers: this.#watchers,
      clock,
      left: (accepted) => this.#upgrades.admission.leave(accepted),
    });
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
    const elsewhere = options.senders === 0 ? undefined : (upgrade: CheckedUpgrade) => this.#handOver(upgrade);
    const listener: ClientsListener = {
      slow: ({ id }) => this.#roster.tell("slow", id),
      recovered: ({ id }) => this.#roster.tell("recovered", id),
      left: ({ id }, code, reason) => this.#roster.remove(id, { code, reason }),
      failed: onError,
    };
    const served = servingOptions(options);
    this.#local = new LocalClients({ ...served, onPass: context.onPass }, listener, clock);
    this.senders = options.senders === 0 ? undefined : this.#startSenders(options, context, listener);
    this.#hosts = this.senders === undefined ? [this.#local] : [this.#local, this.senders];
    const audienceOf: ClientHost["audienceOf"] = (topic) =>
      this.#hosts.reduce((sum, host) => sum + host.audienceOf(topic), 0);
    const { hub } = this.#local;
    const { guard } = context;
    const { compress } = options;
    const check = batchCheck(hub);
    this.#upgrades = new UpgradeHandler(options, upgradeListener, {
      access,
      clock,
      guard,
      elsewhere,
      compress,
      check,
    });
    this.inspector = new ServerInspector(
      { hub, audienceOf, members: this.#roster.members, refusals: this.#refusals },
      clock,
    );
  }

  /** Handles the upgrade request of a client, at once or, if its token takes long to check, within 0.8 s. Never throws. */
  readonly accept = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    this.#upgrades.accept(request, socket, head);
  };

  /** From now on another access control decides. Clients whose grant it does not hold are closed with 4001. */
  async changeAccess(access: AccessControl): Promise<void> {
    this.#upgrades.admission.access = access;
    await this.#roster.disconnectAll(({ accepted }) => !access.holds(accepted.grant), TOKEN_NO_LONGER_VALID);
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
    const seq = this.#local.hub.publish(topic, payload, options);
    this.senders?.published();
    return seq;
  }

  /** @returns false when there is no such client, or it is too far behind */
  sendTo(id: string, message: TargetedMessage, options: PublishOptions): boolean | Promise<boolean> {
    return this.#roster.members.get(id)?.client.sendTo(message, options) ?? false;
  }

  has(id: string): boolean {
    return this.#roster.members.has(id);
  }

  clients(): ClientInfo[] {
    return Array.from(this.#roster.members.values(), infoOf);
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
    return this.#roster.members.size;
  }

  /** @returns false when there is no such client */
  disconnect(id: string, reason: CloseReason): boolean {
    return this.#roster.disconnect(id, reason);
  }

  /** Removes the reading of a topic that new clients would get. */
  forget(topic: string): boolean {
    this.senders?.forget(topic);
    return this.#local.hub.forget(topic);
  }

  counts(): ServerCounts {
    return {
      ...this.#local.hub.counts(),
      ...this.#hosts.map((host) => host.counts()).reduce(sum),
      clients: this.#roster.members.size,
      refused: this.#refusals.byStatus,
      ignored: this.#hosts.reduce((sum, { ignored }) => sum + ignored, 0),
      ...(this.senders !== undefined && { unknown: this.senders.unknown }),
    };
  }

  /**
   * Resolves once `counts`, `clients` and the inspector tell what is now: of clients in other processes they tell what was.
   * `undefined`: there are no such clients.
   */
  refresh(): Promise<unknown> | undefined {
    const refreshed = this.#hosts.map((host) => host.refresh()).filter((promise) => promise !== undefined);
    return refreshed.length === 0 ? undefined : Promise.all(refreshed);
  }

  /** Linear in the number of clients, in slices. */
  async figures(): Promise<ServerFigures> {
    await this.refresh();
    return await serverFigures({
      hub: this.#local.hub,
      departed: this.#hosts.map(({ departed }) => departed).reduce(sum),
      members: this.#roster.members,
      refusals: this.#refusals,
      senders: this.senders?.pids.length ?? 0,
    });
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
    this.#upgrades.admission.close();
    this.senders?.refuseAll();
    await this.#roster.disconnectAll(() => true, SERVICE_RESTART);
    await this.#roster.emptied();
    await Promise.all(this.#hosts.map((host) => host.close()));
  }

  #join({ ws, socket }: OpenedSocket, accepted: AcceptedClient): void {
    const id = this.#ids.next();
    const { address, subscription } = accepted;
    this.#roster.add(this.#local.join({ id, address, ws, socket }, subscription), accepted);
  }

  /** @returns false for a client that no other process can serve: TLS goes on in this one */
  #handOver({ request, socket, head, accepted, goOn, refuse }: CheckedUpgrade): boolean {
    if (this.senders === undefined || "encrypted" in socket) return false;
    const id = this.#ids.next();
    const { address, subscription } = accepted;
    this.senders.take({
      client: { id, address, subscription, headers: handshakeHeaders(request) },
      socket,
      head,
      opened: (client) => {
        this.#roster.add(client, accepted);
        if (!this.#upgrades.admission.access.holds(accepted.grant)) this.disconnect(id, TOKEN_NO_LONGER_VALID);
      },
      stays: goOn,
      refused: () => refuse(new Refusal(503, sentence("admission.busy"), { headers: { "Retry-After": "1" } })),
      gone: () => this.#upgrades.admission.leave(accepted),
    });
    return true;
  }

  #startSenders(options: BroadcastServerOptions, context: ServerContext, listener: ClientsListener): SenderPool {
    const { hub } = this.#local;
    const served = {
      ...servingOptions(options),
      epoch: hub.epoch,
      senders: options.senders,
      program: context.senderProgram,
    };
    const notice = context.onNotice ?? (() => undefined);
    const { onPass, checkFiles } = context;
    return new SenderPool(served, { hub, clock: this.#clock, listener, notice, onPass, checkFiles });
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
}

function servingOptions(options: BroadcastServerOptions): LocalClientsOptions {
  const { slow, maxAge, logBytes, expire, heartbeat } = options;
  return { slow, maxAge, logBytes, expire, heartbeat, history: historyBounds(options) };
}

function isSame(a: Sentence | undefined, b: Sentence | undefined): boolean {
  return (a && inEnglish(a)) === (b && inEnglish(b));
}
