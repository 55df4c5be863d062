import { createSocket, type SocketOptions } from "node:dgram";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { type Clock, systemClock } from "../../time/clock";
import type { DatagramSocket, QueueOptions } from "../socket/socket-environment";
import { clearRing, ringMemory, ringSize } from "./datagram-ring";
import { type Answer, type CalledMethod, errorOf, type Happening, type Order, type ThreadData } from "./protocol";
import { ThreadSocket } from "./thread-socket";

/** A slice of handling datagrams ends after so long, so that the rest of Node-RED gets its turn. */
const SLICE_MS = 4;
/** How many datagrams of one socket are handled before the next socket has its turn, and the clock is read. */
const DATAGRAMS_PER_TURN = 8;
/**
 * A redeploy closes all sockets and opens others: the thread waits for them so long, which a small or busy computer may take.
 * Once the C library has freed memory as large as that of a queue, it keeps what others of that size free, too.
 */
const LINGER_MS = 10_000;
/** A call takes some 0.1 ms. */
const CALL_TIMEOUT_MS = 2000;
/** The first one waits for the thread to start: some 40 ms, but seconds on a small machine that is starting much else. */
const START_TIMEOUT_MS = 10_000;

export interface ReceiverThreadOptions {
  readonly clock?: Clock;
  /** Told once, when the thread cannot run: from then on sockets are opened on the main thread. */
  onUnavailable(error: unknown): void;
  startWorker?(data: ThreadData, transferList: MessagePort[]): Worker;
}

/** A running thread. */
interface Running {
  readonly worker: Worker;
  readonly sockets: Map<number, ThreadSocket>;
  readonly answers: MessagePort;
  readonly answered: Int32Array;
  /**
   * Memory of sockets that are closed, for those that follow: a redeploy closes all and opens others, and what is shared
   * between threads is freed only when the garbage collectors of both come round to it.
   */
  readonly spareRings: SharedArrayBuffer[];
}

/**
 * UDP sockets on one thread of their own: it receives while the main thread is busy. Starts with the first socket and ends
 * after the last. Where it cannot start, or breaks, sockets are opened on the main thread instead: those that were open
 * emit an error, after which their owners open them again.
 */
export class ReceiverThread {
  readonly #clock: Clock;
  readonly #options: ReceiverThreadOptions;
  #running: Running | undefined;
  #isUnavailable = false;
  #opened = 0;
  #calls = 0;
  #cancelEnd: (() => void) | undefined;
  /** Sockets whose rings hold datagrams. */
  #ready: ThreadSocket[] = [];
  #cancelSlice: (() => void) | undefined;

  constructor(options: ReceiverThreadOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** As `dgram.createSocket`. */
  readonly open = (options: SocketOptions, queue: QueueOptions): DatagramSocket => {
    if (this.#isUnavailable) return createSocket(options);
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
          else this.#clock.immediate(() => socket.isClosed());
        },
      },
      ring,
      queue.isHeld,
    );
    running.sockets.set(number, socket);
    order({ socket: number, order: "open", options: { type, reuseAddr, ipv6Only }, ring });
    return socket;
  }

  #start(): Running {
    const { port1: answers, port2 } = new MessageChannel();
    const data: ThreadData = { answered: new SharedArrayBuffer(4), answers: port2 };
    const worker = (this.#options.startWorker ?? startWorker)(data, [port2]);
    const running = { worker, sockets: new Map(), spareRings: [], answers, answered: new Int32Array(data.answered) };
    worker.on("message", (happening: Happening) => this.#happened(running, happening));
    worker.on("error", (error) => this.#broke(running, error));
    worker.on("exit", () => this.#broke(running, new Error("the receiver thread has ended")));
    return running;
  }

  #happened({ sockets, spareRings }: Running, happening: Happening): void {
    const socket = sockets.get(happening.socket);
    if (socket === undefined) return;
    switch (happening.event) {
      case "datagrams":
        this.#ready.push(socket);
        if (this.#cancelSlice === undefined) this.#slice();
        break;
      case "error":
        socket.fails(errorOf(happening.error));
        break;
      case "close":
        sockets.delete(happening.socket);
        spareRings.push(socket.isClosed());
        if (sockets.size === 0) this.#cancelEnd ??= this.#clock.timeout(() => this.#end(), LINGER_MS);
        break;
    }
  }

  /** Some datagrams of each socket in turn; none of those whose listener is behind. */
  #slice(): void {
    this.#cancelSlice = undefined;
    const start = this.#clock.now();
    const held: ThreadSocket[] = [];
    for (let socket = this.#ready.shift(); socket !== undefined; socket = this.#ready.shift()) {
      if (socket.isHeld) {
        held.push(socket);
        continue;
      }
      let handled = 0;
      while (handled < DATAGRAMS_PER_TURN && socket.deliverNext()) handled++;
      if (handled === DATAGRAMS_PER_TURN) this.#ready.push(socket);
      if (this.#clock.now() - start >= SLICE_MS) break;
    }
    this.#ready.push(...held);
    if (this.#ready.length > 0) this.#cancelSlice = this.#clock.immediate(() => this.#slice());
  }

  /** @throws what the method throws on the thread, or when that does not answer */
  #call(running: Running, socket: number, call: { method: CalledMethod; parameters: unknown[] }): unknown {
    const number = ++this.#calls;
    if (running !== this.#running) throw new Error("the receiver thread has ended");
    running.worker.postMessage({ socket, order: "call", call: number, ...call } satisfies Order);
    for (;;) {
      const before = Atomics.load(running.answered, 0);
      if (before === number) break;
      if (
        Atomics.wait(running.answered, 0, before, before === 0 ? START_TIMEOUT_MS : CALL_TIMEOUT_MS) === "timed-out"
      ) {
        const stuck = new Error("the receiver thread does not answer");
        this.#clock.immediate(() => this.#broke(running, stuck));
        throw stuck;
      }
    }
    const { result, error }: Answer = receiveMessageOnPort(running.answers)?.message ?? {};
    if (error !== undefined) throw errorOf(error);
    return result;
  }

  #end(): void {
    const running = this.#running;
    this.#cancelEnd = undefined;
    this.#running = undefined;
    running?.answers.close();
    void running?.worker.terminate();
  }

  #broke(running: Running, error: unknown): void {
    if (running !== this.#running) return;
    this.#running = undefined;
    running.answers.close();
    void running.worker.terminate();
    this.#giveUp(error);
    for (const socket of running.sockets.values()) {
      while (socket.deliverNext());
      socket.fails(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #giveUp(error: unknown): void {
    this.#isUnavailable = true;
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

function startWorker(workerData: ThreadData, transferList: MessagePort[]): Worker {
  return new Worker(require.resolve("./receiver-worker"), { workerData, transferList, name: "sensorcast receiver" });
}
