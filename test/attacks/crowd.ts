import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type UpgradeRequest, upgradeRequest } from "../support/raw-http";

const CONNECT_TIMEOUT_MS = 15_000;
const ANSWER_TIMEOUT_MS = 15_000;
const LOOPBACK = "127.0.0.1";

export interface ConnectOptions {
  /** Address to come from. */
  readonly localAddress?: string;
  /** Keeps the own side open when the server ends its side, and the other way round. */
  readonly allowHalfOpen?: boolean;
}

/** The sockets of one attack, all gone when it is over. */
export class Crowd {
  readonly #sockets = new Set<Socket>();
  readonly #cleanUps: (() => unknown)[] = [];

  get size(): number {
    return this.#sockets.size;
  }

  /** A connected TCP socket. Nobody listens to its later errors. */
  async connect(port: number, options: ConnectOptions = {}): Promise<Socket> {
    const socket = connect({ port, host: LOOPBACK, noDelay: true, ...options });
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    await once(socket, "connect", { signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) });
    socket.on("error", () => undefined);
    return socket;
  }

  /** A WebSocket client without any library. It does not read on before it is told to. */
  async join(request: UpgradeRequest, options: ConnectOptions = {}): Promise<Socket> {
    const socket = await this.connect(request.port, options);
    socket.write(upgradeRequest(request));
    const status = await statusOf(socket);
    if (status !== 101) throw new Error(`the upgrade was answered ${status}`);
    socket.pause();
    return socket;
  }

  /** Sends bytes and hangs up. @returns the status of the answer, 0 when there is none before the end */
  async ask(port: number, bytes: string, options: ConnectOptions = {}): Promise<number> {
    const socket = await this.connect(port, options);
    socket.write(bytes);
    const status = await statusOf(socket);
    socket.destroy();
    return status;
  }

  /** Has something done when the attack is over. */
  after(cleanUp: () => unknown): void {
    this.#cleanUps.push(cleanUp);
  }

  async disperse(): Promise<void> {
    for (const socket of this.#sockets) {
      // Node.js never closes a socket that is reset after its own side has ended, and then spins when the process ends.
      if (socket.writable) socket.resetAndDestroy();
      else socket.destroy();
    }
    for (const cleanUp of this.#cleanUps.splice(0).reverse()) await cleanUp();
  }
}

/** Does something again and again for a while, in so many lines side by side. */
export async function keepDoing(durationMs: number, lines: number, act: () => Promise<unknown>): Promise<void> {
  const end = performance.now() + durationMs;
  await Promise.all(
    Array.from({ length: lines }, async () => {
      while (performance.now() < end) await act();
    }),
  );
}

/** Starts as many as are wanted, spread evenly over a time. */
export async function spread<T>(count: number, durationMs: number, start: (index: number) => Promise<T>): Promise<T[]> {
  const begin = performance.now();
  const started: Promise<T>[] = [];
  while (started.length < count) {
    const due = Math.min(count, Math.ceil(((performance.now() - begin) / durationMs) * count) + 1);
    while (started.length < due) {
      const one = start(started.length);
      started.push(one);
      // Whoever fails early is not forgotten: it is awaited below, with all the others.
      one.catch(() => undefined);
    }
    await delay(1);
  }
  return await Promise.all(started);
}

/** Of the first answer on a socket; 0 when it ends without one. */
function statusOf(socket: Socket): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("no answer in time")), ANSWER_TIMEOUT_MS);
    const settle = (status: number): void => {
      clearTimeout(timer);
      resolve(status);
    };
    socket.once("data", (answer) => settle(Number(/^HTTP\/1\.1 (\d+) /.exec(answer.toString("latin1"))?.[1] ?? 0)));
    socket.once("end", () => settle(0));
    socket.once("close", () => settle(0));
  });
}
