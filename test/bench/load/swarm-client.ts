import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { FrameCounter, type FrameListener } from "./frame-counter";
import { Inflater } from "./inflater";
import type { Sampler } from "./sampler";

const PING = 0x9;
const PONG = 0xa;
const HEADER_END = "\r\n\r\n";
/** As Chromium makes it. */
const OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
/** Read by every client in turn: a chunk is counted before the next one is read. */
const SHARED_BUFFER = Buffer.allocUnsafe(256 * 1024);
/** Small, so that a throttled client keeps to its rate. */
const THROTTLED_BUFFER = Buffer.allocUnsafe(1024);
const THROTTLE_TICK_MS = 20;

export interface SwarmClientOptions {
  readonly port: number;
  /** With the query. */
  readonly path: string;
  readonly sampler?: Sampler | undefined;
  /** Reads no faster than this; 0: reads nothing once it is connected. */
  readonly bytesPerSecond?: number | undefined;
  /** Offers permessage-deflate; then `sampler` is given what compressed messages hold. */
  readonly deflate?: boolean | undefined;
}

/** A listener on a raw socket: it answers pings, and counts what it is sent. */
export class SwarmClient {
  hasClosed = false;
  readonly counter: FrameCounter;
  readonly #socket: Socket;
  readonly #bytesPerSecond: number;
  #windowBits: number | undefined;
  #inflater: Inflater | undefined;
  #response = "";
  #isOpen = false;
  #allowance = 0;
  #ticker: NodeJS.Timeout | undefined;

  constructor(private readonly options: SwarmClientOptions) {
    const { sampler, port } = options;
    this.#bytesPerSecond = options.bytesPerSecond ?? Number.POSITIVE_INFINITY;
    this.counter = new FrameCounter({
      ...(sampler && { reading: this.#readInto(sampler) }),
      control: (opcode, payload) => {
        if (opcode === PING) this.#socket.write(maskedPong(payload));
      },
    });
    const buffer = Number.isFinite(this.#bytesPerSecond) ? THROTTLED_BUFFER : SHARED_BUFFER;
    this.#socket = connect({
      port,
      host: "127.0.0.1",
      noDelay: true,
      onread: { buffer, callback: (length) => this.#read(buffer.subarray(0, length)) },
    });
    this.#socket.on("close", (hadError) => {
      this.hasClosed = true;
      clearInterval(this.#ticker);
      if (!this.#isOpen && !hadError) this.#socket.emit("error", new Error("the server hung up on a client"));
    });
  }

  /** Resolves when the server has accepted. Rejects with what it said instead. */
  async open(): Promise<void> {
    await once(this.#socket, "connect");
    const key = randomBytes(16).toString("base64");
    this.#socket.write(
      `GET ${this.options.path} HTTP/1.1\r\nHost: 127.0.0.1:${this.options.port}\r\nUpgrade: websocket\r\n` +
        `Connection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n` +
        `${this.options.deflate ? OFFER : ""}\r\n`,
    );
    await once(this.#socket, "upgraded");
    this.#socket.on("error", () => this.#socket.destroy());
  }

  close(): void {
    this.#socket.destroy();
  }

  #readInto(sampler: Sampler): NonNullable<FrameListener["reading"]> {
    return (bytes, start, end, isCompressed) => {
      if (!isCompressed) return sampler.add(this, bytes, start, end);
      this.#inflater ??= new Inflater(this.#windowBits);
      const message = this.#inflater.inflate(bytes.subarray(start, end));
      sampler.add(this, message, 0, message.length);
    };
  }

  /** @returns false to read no more for now */
  #read(chunk: Buffer): boolean {
    const frames = this.#isOpen ? chunk : this.#readResponse(chunk);
    if (frames.length > 0) this.counter.feed(frames);
    if (this.#bytesPerSecond === Number.POSITIVE_INFINITY || !this.#isOpen) return true;
    this.#allowance -= chunk.length;
    return this.#allowance > 0;
  }

  /** @returns what follows the response */
  #readResponse(chunk: Buffer): Buffer {
    this.#response += chunk.toString("latin1");
    const end = this.#response.indexOf(HEADER_END);
    if (end === -1) return Buffer.alloc(0);
    if (!this.#response.startsWith("HTTP/1.1 101 ")) {
      this.#socket.destroy(new Error(`the server did not accept a client: ${this.#response.slice(0, 200)}`));
      return Buffer.alloc(0);
    }
    const rest = Buffer.from(this.#response.slice(end + HEADER_END.length), "latin1");
    const [, windowBits] = /server_max_window_bits=(\d+)/i.exec(this.#response) ?? [];
    if (windowBits !== undefined) this.#windowBits = Number(windowBits);
    this.#isOpen = true;
    this.#response = "";
    if (this.#bytesPerSecond > 0 && Number.isFinite(this.#bytesPerSecond)) {
      this.#ticker = setInterval(() => this.#tick(), THROTTLE_TICK_MS);
    }
    this.#socket.emit("upgraded");
    return rest;
  }

  #tick(): void {
    const perTick = (this.#bytesPerSecond * THROTTLE_TICK_MS) / 1000;
    this.#allowance = Math.min(this.#allowance + perTick, perTick);
    if (this.#allowance > 0) this.#socket.resume();
  }
}

function maskedPong(payload: Buffer): Buffer {
  // Masked with zeros, which leaves the payload as it is.
  return Buffer.concat([Buffer.from([0x80 | PONG, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}
