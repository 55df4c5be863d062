import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setImmediate } from "node:timers/promises";
import type WebSocket from "ws";
import { type Clock, systemClock } from "../clock";
import { type CloseReason, DATA_NOT_ACCEPTED, SERVICE_RESTART, TOO_SLOW } from "./close-reasons";
import { Connection, type ConnectionListener } from "./connection";
import { Gatekeeper, type GatekeeperOptions } from "./gatekeeper";
import { createHandshake } from "./handshake";
import { Heartbeat } from "./heartbeat";
import { Hub, type PublishOptions } from "./hub";
import type { HubClient } from "./hub-client";
import type { EncodedPayload } from "./payload";
import { Refusal, sendRefusal } from "./refusal";
import type { ClientInfo, ServerEvent, Watcher } from "./server-events";
import type { Subscription } from "./subscription";

/** Longest stretch of closing clients before the event loop gets a turn. */
const CLOSING_SLICE_MS = 5;
/** A refused client may come back at any rate; no more of its refusals than this are reported. */
const REFUSALS_REPORTED_PER_SECOND = 10;

export interface BroadcastServerOptions extends GatekeeperOptions {
  readonly slow: "skip" | "disconnect";
  /** In ms. */
  readonly maxAge: number;
  readonly logBytes: number;
  /** Seconds between pings. */
  readonly heartbeat: number;
}

interface Member {
  readonly connection: Connection;
  readonly client: HubClient;
  readonly stopHeartbeat: () => void;
}

/** Accepts WebSocket clients on the upgrade requests it is handed, and sends them what is published. */
export class BroadcastServer implements ConnectionListener {
  readonly #members = new Map<string, Member>();
  readonly #watchers = new Set<Watcher>();
  readonly #idPrefix = Math.floor(Math.random() * 36 ** 6).toString(36);
  readonly #gatekeeper: Gatekeeper;
  readonly #heartbeat: Heartbeat;
  readonly #hub: Hub;
  readonly #handshake = createHandshake();
  #accepted = 0;
  #refusalsThisSecond = 0;
  #refusalSecond = 0;
  #trouble: string | undefined;
  #emptied: (() => void) | undefined;
  #closing = false;

  /** @param onError is told of what should not happen: an error of our own while a client was connecting */
  constructor(
    options: BroadcastServerOptions,
    private readonly onError: (error: unknown) => void,
    private readonly clock: Clock = systemClock,
  ) {
    this.#gatekeeper = new Gatekeeper(options);
    this.#heartbeat = new Heartbeat(options.heartbeat * 1000, clock);
    this.#hub = new Hub({
      slow: options.slow,
      maxAge: options.maxAge,
      logBytes: options.logBytes,
      clock,
      onError,
      onSlow: (client) => this.#emitClient("slow", client),
      onRecovered: (client) => this.#emitClient("recovered", client),
      onTooSlow: (client) => this.disconnect(connectionOf(client)?.id ?? "", TOO_SLOW),
    });
    this.#handshake.on("wsClientError", (error, socket) => this.#refuse(socket, new Refusal(400, error.message)));
  }

  /** Handles the upgrade request of a client, at once. Never throws. */
  readonly accept = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const address = addressOf(request.socket);
    try {
      if (this.#closing) throw new Refusal(503, "this server is restarting", { "Retry-After": "1" });
      const subscription = this.#gatekeeper.admit(request, address);
      this.#handshake.handleUpgrade(request, socket, head, (ws) => {
        this.#join(ws, socket as Socket, address, subscription);
      });
    } catch (error) {
      if (error instanceof Refusal) {
        this.#refuse(socket, error, address);
      } else {
        socket.destroy();
        this.onError(error);
      }
    }
  };

  /** Why clients cannot reach this server, if so. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  set trouble(trouble: string | undefined) {
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    this.#emit({ event: "trouble", trouble });
  }

  /**
   * @returns the sequence number of the reading
   * @throws {PayloadError} if it is larger than the log
   */
  publish(topic: string, payload: EncodedPayload, options: PublishOptions): number {
    return this.#hub.publish(topic, payload, options);
  }

  /** @returns false when there is no such client, or it is too far behind */
  sendTo(id: string, topic: string, payload: EncodedPayload, options: PublishOptions): boolean {
    const member = this.#members.get(id);
    return member !== undefined && this.#hub.sendTo(member.client, topic, payload, options);
  }

  has(id: string): boolean {
    return this.#members.has(id);
  }

  clients(): ClientInfo[] {
    return Array.from(this.#members.values(), (member) => infoOf(member, this.#hub));
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

  counts(): ReturnType<Hub["counts"]> {
    return this.#hub.counts();
  }

  /** @returns stops the watching */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Asks all clients to come back later. Resolves when every socket is gone: after a second at most. */
  async shutdown(): Promise<void> {
    this.#closing = true;
    this.#heartbeat.stop();
    let sliceEnd = performance.now() + CLOSING_SLICE_MS;
    for (const id of [...this.#members.keys()]) {
      this.disconnect(id, SERVICE_RESTART);
      if (performance.now() < sliceEnd) continue;
      await setImmediate();
      sliceEnd = performance.now() + CLOSING_SLICE_MS;
    }
    if (this.#members.size > 0) {
      await new Promise<void>((resolve) => {
        this.#emptied = resolve;
      });
    }
    this.#hub.close();
  }

  spoke(connection: Connection): void {
    this.disconnect(connection.id, DATA_NOT_ACCEPTED);
  }

  ponged(connection: Connection, data: Buffer): void {
    const member = this.#members.get(connection.id);
    if (member !== undefined) this.#hub.pong(member.client, data);
  }

  closed(connection: Connection, code: number, reason: string): void {
    const member = this.#members.get(connection.id);
    if (member === undefined) return;
    this.#members.delete(connection.id);
    member.stopHeartbeat();
    this.#hub.leave(member.client);
    this.#gatekeeper.leave(connection.address);
    this.#emit({ event: "left", code, reason, ...infoOf(member, this.#hub) });
    if (this.#members.size === 0) this.#emptied?.();
  }

  #join(ws: WebSocket, socket: Socket, address: string, subscription: Subscription): void {
    const id = `${this.#idPrefix}-${(++this.#accepted).toString(36)}`;
    const connection = new Connection(id, address, ws, socket, this, this.clock);
    const client = this.#hub.join(connection, subscription);
    this.#gatekeeper.enter(address);
    const member = { connection, client, stopHeartbeat: this.#heartbeat.add(connection) };
    this.#members.set(id, member);
    this.#emit({ event: "connected", ...infoOf(member, this.#hub) });
  }

  #refuse(socket: Duplex, refusal: Refusal, address = addressOf(socket as Socket)): void {
    sendRefusal(socket, refusal);
    const second = Math.floor(this.clock.now() / 1000);
    if (second !== this.#refusalSecond) this.#refusalsThisSecond = 0;
    this.#refusalSecond = second;
    if (++this.#refusalsThisSecond > REFUSALS_REPORTED_PER_SECOND) return;
    this.#emit({ event: "refused", address, status: refusal.status, reason: refusal.message });
  }

  #emitClient(event: "slow" | "recovered", client: HubClient): void {
    const member = this.#members.get(connectionOf(client)?.id ?? "");
    if (member !== undefined) this.#emit({ event, ...infoOf(member, this.#hub) });
  }

  #emit(event: ServerEvent): void {
    for (const watcher of this.#watchers) {
      try {
        watcher(event);
      } catch (error) {
        this.onError(error);
      }
    }
  }
}

function infoOf({ connection, client }: Member, hub: Hub): ClientInfo {
  return {
    client: connection.id,
    address: connection.address,
    topics: [...client.subscription.filters],
    mode: client.subscription.mode,
    since: connection.since,
    ...hub.countsOf(client),
  };
}

function connectionOf(client: HubClient): Connection | undefined {
  return client.outlet instanceof Connection ? client.outlet : undefined;
}

/** IPv4 addresses that arrive on an IPv6 socket are written as IPv4. Empty when the client is already gone. */
function addressOf(socket: Socket): string {
  return (socket.remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/, "");
}
