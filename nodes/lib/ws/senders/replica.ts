import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { WebSocketServer } from "ws";
import type { LoopClock } from "../../time/loop-clock";
import type { LocalClient } from "../clients/local-client";
import { LocalClients } from "../clients/local-clients";
import type { ClientsListener, ServedClient } from "../clients/served-client";
import { NO_COUNTS } from "../hub/counts";
import { detached, readingOutsideLog, type StoredReading } from "../hub/log/stored-reading";
import type { Topic } from "../hub/log/topic";
import { PassTimes } from "./pass-times";
import type { ClientReport, NewClient, Order, Report } from "./protocol";
import { FRAME } from "./protocol";
import { type ReadingRecord, readRecord } from "./reading-record";

/** Clients are told in portions, so that neither side takes long for one. */
const REPORTED_AT_ONCE = 500;

export interface ReplicaContext {
  /** Does the handshakes. */
  readonly handshake: WebSocketServer;
  readonly clock: LoopClock;
  report(report: Report): void;
}

/** A client that was handed over, and waits for its `go`. */
interface Arrival {
  readonly client: NewClient;
  readonly socket: Socket;
}

/** What a sender does: a hub that is told of all readings of another one, and clients of its own. */
export class Replica {
  readonly #context: ReplicaContext;
  readonly #arrivals = new Map<string, Arrival>();
  readonly #clients = new Map<string, LocalClient>();
  readonly #passTimes = new PassTimes((of) => this.#context.report({ report: "passes", of }));
  #local: LocalClients | undefined;

  constructor(context: ReplicaContext) {
    this.#context = context;
  }

  /** A client's socket has come. Nothing is read of it, and nothing written, before its `go`. */
  take(client: NewClient, socket: Socket): void {
    this.#arrivals.set(client.id, { client, socket });
  }

  /** Takes a frame of the pipe. @throws for one that must not come: then the replica is of no use any more */
  frame(type: number, content: Buffer): void {
    if (type === FRAME.order) this.#obey(JSON.parse(content.toString()) as Order);
    else if (type === FRAME.reading) this.#publish(readRecord(content));
    else this.#restore(readRecord(content), type === FRAME.newest);
  }

  get #opened(): LocalClients {
    if (this.#local === undefined) throw new Error("the sender was not told what to be like");
    return this.#local;
  }

  #publish({ seq, topic, isRemoved, payload, time, enveloped, age }: ReadingRecord): void {
    const { hub } = this.#opened;
    const given = hub.publish(topic, payload, { time, envelope: enveloped, age });
    if (given !== seq) throw new Error(`the reading ${seq} became ${given}`);
    if (isRemoved) hub.forget(topic);
  }

  /** One that is older than the log. */
  #restore(record: ReadingRecord, isNewest: boolean): void {
    const { topics, history } = this.#opened.hub.store;
    const now = this.#context.clock.now() - record.age;
    if (isNewest) {
      const topic = topics.touch(record.topic);
      topics.renew(topic, record.seq, now);
      topics.retain(topic, detached(stored(record, topic)));
    } else {
      const topic = topics.get(record.topic) ?? topics.touch(record.topic);
      history?.append(stored(record, topic), topic, now);
    }
  }

  #obey(order: Order): void {
    switch (order.order) {
      case "open":
        this.#start(order);
        break;
      case "begin":
        this.#opened.hub.store.log.startAt(order.seq);
        break;
      case "ready":
        this.#context.report({ report: "ready" });
        break;
      case "go":
        this.#open(order.client, Buffer.from(order.head, "base64"));
        break;
      case "drop":
        this.#arrivals.get(order.client)?.socket.destroy();
        this.#arrivals.delete(order.client);
        break;
      case "close":
        this.#clients.get(order.client)?.close(order.reason);
        break;
      case "forget":
        this.#opened.hub.forget(order.topic);
        break;
      case "send":
        this.#send(order);
        break;
      case "count":
        this.#count(order.question);
        break;
    }
  }

  #start({ options, timesPasses }: Extract<Order, { order: "open" }>): void {
    const onPass = timesPasses ? this.#passTimes.passed : undefined;
    this.#local = new LocalClients({ ...options, onPass }, this.#listener, this.#context.clock);
  }

  readonly #listener: ClientsListener = {
    slow: (client) => this.#context.report({ report: "slow", of: reportOf(client) }),
    recovered: (client) => this.#context.report({ report: "recovered", of: reportOf(client) }),
    left: (client, code, reason) => {
      this.#clients.delete(client.id);
      this.#context.report({ report: "left", of: reportOf(client), code, reason });
    },
    failed: (error) => this.#context.report({ report: "error", message: messageOf(error) }),
  };

  #open(id: string, head: Buffer): void {
    const arrival = this.#arrivals.get(id);
    if (arrival === undefined) return;
    this.#arrivals.delete(id);
    const { client, socket } = arrival;
    const { address, headers, subscription } = client;
    const request = { method: "GET", url: "/", headers, socket } as unknown as IncomingMessage;
    this.#context.handshake.handleUpgrade(request, socket, head, (ws) => {
      this.#clients.set(id, this.#opened.join({ id, address, ws, socket }, subscription));
    });
    // `ws` tells of nobody who has hung up before.
    if (!this.#clients.has(id)) this.#context.report({ report: "left", of: nothingOf(id), code: 1006, reason: "" });
  }

  #send({ client, question, topic, kind, body, options }: Extract<Order, { order: "send" }>): void {
    const message = { topic, payload: { kind, body: Buffer.from(body, "base64") } };
    const answer = this.#clients.get(client)?.sendTo(message, options) ?? false;
    this.#context.report({ report: "answer", question, answer });
  }

  #count(question: number): void {
    this.#passTimes.flush();
    const all = Array.from(this.#clients.values(), reportOf);
    for (let at = 0; at < all.length; at += REPORTED_AT_ONCE) {
      this.#context.report({ report: "counts", of: all.slice(at, at + REPORTED_AT_ONCE) });
    }
    this.#context.report({ report: "answer", question, answer: true });
  }
}

function stored(record: ReadingRecord, topic: Topic): StoredReading {
  const reading = readingOutsideLog({ topic: record.topic, payload: record.payload }, record);
  return { ...reading, topic, seq: record.seq };
}

function reportOf(client: ServedClient): ClientReport {
  const { id, ignored } = client;
  return { client: id, counts: client.counts(), ignored, waitingBytes: client.progress().waitingBytes };
}

function nothingOf(client: string): ClientReport {
  return { client, counts: NO_COUNTS, ignored: 0, waitingBytes: 0 };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
