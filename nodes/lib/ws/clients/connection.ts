import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import WebSocket from "ws";
import type { Clock } from "../../time/clock";
import type { FrameSink } from "../hub/frame-sink";
import type { CloseReason } from "./close-reasons";
import type { Pingable } from "./heartbeat";

/** A ping is only answered when the client reads what it is sent, and not more often than this. */
const PONG_INTERVAL_MS = 100;
const PONG_MAX_BACKLOG_BYTES = 4096;
/** A client need not say anything, but some libraries send a text such as "ping" now and then. */
const MAX_TEXTS_PER_SECOND = 32;
/** Far more than texts, pongs and pings take. One read of a socket may bring as much. */
const MAX_HEARD_BYTES_PER_SECOND = 64 * 1024;

/** Written behind what a socket has not taken, to be told when it has. */
const NOTHING = Buffer.alloc(0);

/** Where a WebSocket and its socket keep the connection that they belong to. */
const CONNECTION = Symbol("connection");

/** What became of a connection, and of what its client sent. */
export interface ConnectionListener {
  /** More arrived than a client that listens has to say, or binary data. */
  tooMuchReceived(connection: Connection): void;
  textIgnored(connection: Connection): void;
  ponged(connection: Connection, data: Buffer): void;
  /** @returns the ping frame that a connection is to be asked with whether it is alive */
  pingFor(connection: Connection): Buffer;
  /** Called exactly once. */
  closed(connection: Connection, code: number, reason: string): void;
}

/** What an upgrade gives. */
export interface ConnectionParts {
  readonly id: string;
  readonly address: string;
  readonly ws: WebSocket;
  /** The one that `ws` has taken over. */
  readonly socket: Socket;
}

/**
 * One client's WebSocket. `ws` does the receiving side and the close handshake; readings are written to the socket that
 * the upgrade gave, as whole frames, so that they never split a control frame of `ws`.
 */
export class Connection implements FrameSink, Pingable {
  readonly id: string;
  readonly address: string;
  /** When it was accepted, in ms since the epoch. */
  readonly since: number;
  /** It was agreed on in the handshake. */
  readonly inflates: boolean;
  readonly #ws: WebSocket;
  readonly #socket: Socket;
  readonly #listener: ConnectionListener;
  readonly #clock: Clock;
  #closing: CloseReason | undefined;
  #unanswered = false;
  #congested = false;
  /** Of a socket that encrypts, which takes nothing at once: called after each write. */
  readonly #flushed: (() => void) | undefined;
  #whenTaken: (() => void) | undefined;
  #bytesTaken = 0;
  #heardBytes = 0;
  #heardSince = Number.NEGATIVE_INFINITY;
  #textsHeard = 0;
  #ignored = 0;
  #pongedAt = Number.NEGATIVE_INFINITY;

  constructor({ id, address, ws, socket }: ConnectionParts, listener: ConnectionListener, clock: Clock) {
    this.id = id;
    this.address = address;
    this.#ws = ws;
    this.#socket = socket;
    this.#listener = listener;
    this.#clock = clock;
    this.since = clock.wallTime();
    // There is no other that the handshake agrees on.
    this.inflates = ws.extensions.includes("permessage-deflate");
    if (socket instanceof TLSSocket) {
      this.#flushed = () => this.#whenTaken?.();
    }
    const { message, pong, ping, data, close } = Connection.#listeners;
    Reflect.set(ws, CONNECTION, this);
    Reflect.set(socket, CONNECTION, this);
    ws.on("message", message).on("pong", pong).on("ping", ping).on("error", ignoreError).on("close", close);
    // After `ws` has seen them. It also takes what comes after a mistake or a close frame, to throw it away.
    socket.on("data", data);
  }

  /** Shared by all connections: with listeners of its own, each would take a third of a kilobyte more. */
  static readonly #listeners = {
    message(this: object, _data: unknown, isBinary: boolean): void {
      const connection = connectionOf(this);
      connection.#unanswered = false;
      connection.#countMessage(isBinary);
    },
    pong(this: object, data: Buffer): void {
      const connection = connectionOf(this);
      connection.#unanswered = false;
      connection.#listener.ponged(connection, data);
    },
    ping(this: object, data: Buffer): void {
      connectionOf(this).#answerPing(data);
    },
    data(this: object, bytes: Buffer): void {
      connectionOf(this).#hear(bytes.length);
    },
    close(this: object, code: number, reason: Buffer): void {
      const connection = connectionOf(this);
      const by = connection.#closing;
      connection.#listener.closed(connection, by?.code ?? code, by?.reason ?? reason.toString());
    },
  };

  /** Texts that the client sent, to no effect. */
  get ignored(): number {
    return this.#ignored;
  }

  /** A socket that encrypts holds what it is given a second time, encrypted. */
  get copies(): boolean {
    return this.#flushed !== undefined;
  }

  get writableLength(): number {
    return this.#socket.writableLength;
  }

  /** Nothing may follow a close frame: from then on the frames are dropped, and never taken. */
  write(frames: Buffer): boolean {
    if (this.#ws.readyState !== WebSocket.OPEN) return false;
    // A callback for each write would cost a fifteenth of all that it takes to send.
    this.#socket.write(frames, this.#flushed);
    return this.#flushed === undefined && this.#socket.writableLength === 0;
  }

  whenTaken(run: () => void): void {
    if (this.copies) this.#whenTaken = run;
    else if (this.#ws.readyState === WebSocket.OPEN) this.#socket.write(NOTHING, run);
  }

  /** Starts the close handshake; a client that does not finish it is cut off by the `closeTimeout` of `ws`. */
  close(reason: CloseReason): void {
    if (this.#ws.readyState !== WebSocket.OPEN) return;
    this.#closing = reason;
    this.#ws.close(reason.code, reason.reason);
  }

  terminate(): void {
    this.#ws.terminate();
  }

  /** Frees what the socket holds, at once. The client is not told why: it reads nothing. */
  cutOff(reason: CloseReason): void {
    this.#closing ??= reason;
    this.#ws.terminate();
  }

  /**
   * A client that reads a long backlog slowly sees the ping late, but it is alive: once its socket was congested, every
   * byte that the kernel takes is one that the client has acknowledged.
   */
  ping(): boolean {
    const bytesTaken = this.#socket.bytesWritten - this.#socket.writableLength;
    const reads = this.#congested && bytesTaken > this.#bytesTaken;
    if (this.#unanswered && !reads) return false;
    this.#bytesTaken = bytesTaken;
    this.#congested = this.#socket.writableLength > 0;
    this.#unanswered = true;
    if (this.#ws.readyState === WebSocket.OPEN) this.#socket.write(this.#listener.pingFor(this));
    return true;
  }

  /**
   * A flood is not read on, or it would take all of the event loop: libuv takes up to 2 MB from a socket at a time. It is
   * the `closeTimeout` of `ws` that ends the connection then.
   */
  #hear(bytes: number): void {
    this.#startSecond();
    this.#heardBytes += bytes;
    if (this.#heardBytes <= MAX_HEARD_BYTES_PER_SECOND) return;
    if (this.#ws.readyState === WebSocket.OPEN) this.#listener.tooMuchReceived(this);
    this.#ws.pause();
  }

  #countMessage(isBinary: boolean): void {
    if (this.#ws.readyState !== WebSocket.OPEN) return;
    this.#startSecond();
    if (isBinary || ++this.#textsHeard > MAX_TEXTS_PER_SECOND) {
      this.#listener.tooMuchReceived(this);
      return;
    }
    this.#ignored++;
    this.#listener.textIgnored(this);
  }

  #startSecond(): void {
    const now = this.#clock.now();
    if (now - this.#heardSince < 1000) return;
    this.#heardSince = now;
    this.#heardBytes = 0;
    this.#textsHeard = 0;
  }

  #answerPing(data: Buffer): void {
    this.#unanswered = false;
    const now = this.#clock.now();
    if (now - this.#pongedAt < PONG_INTERVAL_MS || this.#socket.writableLength > PONG_MAX_BACKLOG_BYTES) return;
    this.#pongedAt = now;
    this.#ws.pong(data);
  }
}

/** `ws` closes the connection itself after an error; without a listener the error would end the process. */
function ignoreError(): void {}

function connectionOf(emitter: object): Connection {
  return Reflect.get(emitter, CONNECTION) as Connection;
}
