import { createSocket, type SocketOptions } from "node:dgram";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { installation } from "../../installation/installation";
import { Backoff } from "../../net/backoff";
import { type Clock, systemClock } from "../../time/clock";
import type { DatagramSocket, QueueOptions } from "../socket/socket-environment";
import { clearRing, ringMemory, ringSize } from "./datagram-ring";
import { Deliveries } from "./deliveries";
import { type Answer, type CalledMethod, errorOf, type Happening, type Order, type ThreadData } from "./protocol";
import { ThreadSocket } from "./thread-socket";

/**
 * A redeploy closes all sockets and opens others: the thread waits for them so long, which a small or busy computer may take.
 * Once the C library has freed memory as large as that of a queue, it keeps what others of that size free, too.
 */
const LINGER_MS = 10_000;
/**
 * A call takes some 0.1 ms, and the first one waits for the thread to start, some 40 ms; but seconds on a computer whose
 * processors others have. Giving up lasts longer than waiting.
 */
const CALL_TIMEOUT_MS = 10_000;
/** A thread that cannot run is tried again with the first socket after so long. One that does not answer holds everything up. */
const RETRY = { firstMs: 60_000, lastMs: 3_600_000 };

export interface ReceiverThreadOptions {
  readonly clock?: Clock;
  /** Told when the thread cannot run any more, or not from the beginning; not again before it has run. */
  onUnavailable(error: unknown): void;
  /** Throws where the thread would not run what this process does. */
  checkFiles?(): void;
  startWorker?(data: ThreadData, transferList: MessagePort[]): Worker;
}

/** A running thread. */
interface Running {
  readonly worker: Worker;
  readonly sockets: Map<number, ThreadSocket>;
  readonly answers: MessagePort;
  readonly answered: Int32Array;
  readonly wakes: Int32Array;
  /**
   * Memory of sockets that are closed, for those that follow: a redeploy closes all and opens others, and what is shared
   * between threads is freed only when the garbage collectors of both come round to it.
   */
  readonly spareRings: SharedArrayBuffer[];
}

/**
 * UDP sockets on one thread of their own: it receives while the main thread is busy. Starts with the first socket and ends
 * after the last. Where it cannot start, or breaks, sockets are opened on the main thread instead, until for one that is opened
 * later it is tried again: those that were open emit an error, after which their owners open them again.
 */
export class ReceiverThread {
  readonly #clock: Clock;
  readonly #options: ReceiverThreadOptions;
  #running: Running | undefined;
  readonly #backoff = new Backoff(RETRY);
  #retryAt = Number.NEGATIVE_INFINITY;
  /** That there is no thread has been said. */
  #wasNoticed = false;
  #opened = 0;
  #calls = 0;
  #cancelEnd: (() => void) | undefined;
  readonly #deliveries: Deliveries;

  constructor(options: ReceiverThreadOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#deliveries = new Deliveries(this.#clock);
  }

  /** As `dgram.createSocket`. */
  readonly open = (options: SocketOptions, queue: QueueOptions): DatagramSocket => {
    if (this.#running === undefined && this.#clock.now() < this.#retryAt) return createSocket(options);
    try {
      this.#running ??= this.#start();
    } catch (error) {
      this.#giveUp(error);
      return createSocket(options);
    }
    return this.#openOn(this.#running, options, queue);
  };

  #openOn(
    running: Running,
    { type, reuseAddr = false, ipv6Only = false }: SocketOptions,
    queue: QueueOptions,
  ): ThreadSocket {
    this.#cancelEnd?.();
    this.#cancelEnd = undefined;
    const number = ++this.#opened;
    const ring = takeRing(running.spareRings, queue.bytes);
    const order = (what: Order): void => running.worker.postMessage(what);
    const socket = new ThreadSocket(
      {
        call: (method, parameters) => this.#call(running, number, { method, parameters }),
        close: () => {
          if (running === this.#running) order({ socket: number, order: "close" });
          else this.#clock.immediate(() => this.#closed(socket, running));
        },
        resume: () => this.#deliveries.wake([socket]),
        flush: () => this.#deliveries.flush(socket),
      },
      ring,
      queue.isHeld,
    );
    running.sockets.set(number, socket);
    order({ socket: number, order: "open", options: { type, reuseAddr, ipv6Only }, ring });
    return socket;
  }

  #start(): Running {
    const { checkFiles = () => installation.check() } = this.#options;
    checkFiles();
    const { port1: answers, port2 } = new MessageChannel();
    const data: ThreadData = {
      answered: new SharedArrayBuffer(4),
      answers: port2,
      wakes: new SharedArrayBuffer(4),
    };
    const worker = (this.#options.startWorker ?? startWorker)(data, [port2]);
    const running: Running = {
      worker,
      sockets: new Map(),
      spareRings: [],
      answers,
      answered: new Int32Array(data.answered),
      wakes: new Int32Array(data.wakes),
    };
    worker.on("message", (happening: Happening) => this.#happened(running, happening));
    worker.on("error", (error) => this.#broke(running, error));
    worker.on("exit", () => this.#broke(running, new Error("the receiver thread has ended")));
    this.#awaitWake(running);
    return running;
  }

  /** The promise keeps no process alive, which is up to the worker. */
  #awaitWake(running: Running): void {
    const { wakes, sockets } = running;
    const seen = Atomics.load(wakes, 0);
    this.#deliveries.wake(sockets.values());
    const waking = Atomics.waitAsync(wakes, 0, seen);
    const again = (): void => {
      if (running === this.#running) this.#awaitWake(running);
    };
    if (waking.async) void waking.value.then(again);
    else this.#clock.immediate(again);
  }

  #happened(running: Running, happening: Happening): void {
    if (running !== this.#running) return;
    const { sockets } = running;
    const socket = sockets.get(happening.socket);
    if (socket === undefined) return;
    if (happening.event === "error") {
      socket.fails(errorOf(happening.error));
      return;
    }
    sockets.delete(happening.socket);
    this.#closed(socket, running);
    if (sockets.size === 0) this.#cancelEnd ??= this.#clock.timeout(() => this.#end(), LINGER_MS);
  }

  #closed(socket: ThreadSocket, { spareRings }: Running): void {
    socket.closed();
    this.#deliveries.empty(socket, () => {
      spareRings.push(socket.memory);
      socket.ended();
    });
  }

  /** @throws what the method throws on the thread, or when that does not answer */
  #call(running: Running, socket: number, call: { method: CalledMethod; parameters: unknown[] }): unknown {
    const number = ++this.#calls;
    if (running !== this.#running) throw new Error("the receiver thread has ended");
    running.worker.postMessage({ socket, order: "call", call: number, ...call } satisfies Order);
    for (;;) {
      const before = Atomics.load(running.answered, 0);
      if (before === number) break;
      if (Atomics.wait(running.answered, 0, before, CALL_TIMEOUT_MS) === "timed-out") {
        const stuck = new Error("the receiver thread does not answer");
        this.#clock.immediate(() => this.#broke(running, stuck));
        throw stuck;
      }
    }
    this.#backoff.reset();
    this.#wasNoticed = false;
    const { result, error }: Answer = receiveMessageOnPort(running.answers)?.message ?? {};
    if (error !== undefined) throw errorOf(error);
    return result;
  }

  #end(): void {
    const running = this.#running;
    this.#cancelEnd = undefined;
    this.#running = undefined;
    if (running !== undefined) stop(running);
  }

  #broke(running: Running, error: unknown): void {
    if (running !== this.#running) return;
    this.#running = undefined;
    stop(running);
    this.#giveUp(error);
    this.#deliveries.wake(running.sockets.values());
    for (const socket of running.sockets.values()) {
      if (socket.isClosing) this.#closed(socket, running);
      else socket.fails(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #giveUp(error: unknown): void {
    this.#retryAt = this.#clock.now() + this.#backoff.next();
    if (this.#wasNoticed) return;
    this.#wasNoticed = true;
    this.#options.onUnavailable(error);
  }
}

/** @returns memory for a ring, of a closed socket or new */
function takeRing(spareRings: SharedArrayBuffer[], bytes: number): SharedArrayBuffer {
  const index = spareRings.findIndex(({ byteLength }) => byteLength === ringSize(bytes));
  const [spare] = index === -1 ? [] : spareRings.splice(index, 1);
  if (spare === undefined) return ringMemory(bytes);
  clearRing(spare);
  return spare;
}

function stop({ answers, worker, wakes }: Running): void {
  answers.close();
  // What waits for it is let go.
  Atomics.notify(wakes, 0);
  void worker.terminate();
}

function startWorker(workerData: ThreadData, transferList: MessagePort[]): Worker {
  return new Worker(require.resolve("./receiver-worker"), { workerData, transferList, name: "sensorcast receiver" });
}
