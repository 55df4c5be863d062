import { once } from "node:events";
import WebSocket, { type ClientOptions } from "ws";

const RECEIVE_TIMEOUT_MS = 5000;

export interface Closing {
  readonly code: number;
  readonly reason: string;
}

export interface ConnectOptions extends ClientOptions {
  /** Subprotocols to offer. */
  readonly protocols?: string[];
}

/** A WebSocket client that queues what it receives, so that nothing is missed between two awaits. */
export class WsClient {
  /** Resolves once the connection is gone. */
  readonly closed: Promise<Closing>;
  readonly #received: (string | Buffer)[] = [];
  #wake: (() => void) | undefined;
  #closing: Closing | undefined;

  private constructor(readonly socket: WebSocket) {
    socket.on("message", (data: Buffer, isBinary) => {
      this.#received.push(isBinary ? data : data.toString());
      this.#wake?.();
    });
    // An error is always followed by "close", which is what the tests look at.
    socket.on("error", () => undefined);
    this.closed = new Promise((resolve) => {
      socket.on("close", (code, reason) => {
        this.#closing = { code, reason: reason.toString() };
        this.#wake?.();
        resolve(this.#closing);
      });
    });
  }

  /** Resolves once the connection is open; rejects when it is refused. */
  static async connect(url: string, { protocols, ...options }: ConnectOptions = {}): Promise<WsClient> {
    const client = new WsClient(new WebSocket(url, protocols, { perMessageDeflate: false, ...options }));
    await once(client.socket, "open");
    return client;
  }

  /** How many messages are waiting. */
  get queued(): number {
    return this.#received.length;
  }

  /** The next message: text as a string, binary as a Buffer. */
  async next(): Promise<string | Buffer> {
    const deadline = setTimeout(() => this.#wake?.(), RECEIVE_TIMEOUT_MS);
    try {
      if (this.#received.length === 0 && this.#closing === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(deadline);
    }
    const message = this.#received.shift();
    if (message !== undefined) return message;
    throw new Error(this.#closing ? `closed with ${this.#closing.code}` : "nothing was received in time");
  }

  async nextJson(): Promise<unknown> {
    return JSON.parse(String(await this.next()));
  }

  /** Resolves once the server has handled everything that this client sent before. */
  async roundTrip(): Promise<void> {
    this.socket.ping("round trip");
    await once(this.socket, "pong");
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}
