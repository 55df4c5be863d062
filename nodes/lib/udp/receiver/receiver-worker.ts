import { createSocket, type Socket } from "node:dgram";
import { parentPort, workerData } from "node:worker_threads";
import { BurstRest } from "./burst-rest";
import { RingWriter } from "./datagram-ring";
import { type Answer, type Happening, type Order, plainError, type ThreadData } from "./protocol";

/** What the receiving thread runs: sockets that write what they receive into their rings. It decides nothing. */
const { answered, answers, wakes } = workerData as ThreadData;
const lastAnswer = new Int32Array(answered);
const wakeCount = new Int32Array(wakes);
/** What a system counts of its memory for a datagram, besides its bytes, at least. */
const OVERHEAD_BYTES = 128;
/** After so long without a datagram the next one is no part of a burst. */
const QUIET_MS = 2;
let lastArrival = 0;
let isWaking = false;
let isReceiving = false;
const rests = new BurstRest();
const sleeper = new Int32Array(new SharedArrayBuffer(4));
const sockets = new Map<number, Socket>();
/** The main thread waits for its calls, so there is one at a time. */
let binding: { readonly number: number; readonly call: number } | undefined;

function tell(happening: Happening): void {
  parentPort?.postMessage(happening);
}

function open({ socket: number, options, ring }: Extract<Order, { order: "open" }>): void {
  const socket = createSocket(options);
  const writer = new RingWriter(ring);
  sockets.set(number, socket);
  socket.on("message", (datagram, sender) => {
    const arrival = Date.now();
    if (writer.write(datagram, sender, arrival)) wakeFor(arrival);
    lastArrival = arrival;
    rests.add(datagram.length);
    if (isReceiving) return;
    isReceiving = true;
    setImmediate(received);
  });
  socket.on("error", (error) => {
    if (!failBind(number, error)) tell({ socket: number, event: "error", error: plainError(error) });
  });
  socket.on("close", () => {
    sockets.delete(number);
    tell({ socket: number, event: "close" });
  });
}

/**
 * At once for a datagram that comes alone. Of a burst, not before the system has no more for now: else a main thread that keeps
 * up is woken for each of them.
 */
function wakeFor(arrival: number): void {
  if (arrival - lastArrival >= QUIET_MS) wake();
  else isWaking = true;
}

/** The system has no more for now. */
function received(): void {
  isReceiving = false;
  if (isWaking) wake();
  const restMs = rests.next(performance.now());
  if (restMs > 0) Atomics.wait(sleeper, 0, 0, restMs);
}

function wake(): void {
  isWaking = false;
  Atomics.add(wakeCount, 0, 1);
  Atomics.notify(wakeCount, 0);
}

function call({ socket: number, call, method, parameters }: Extract<Order, { order: "call" }>): void {
  const socket = sockets.get(number);
  try {
    if (socket === undefined) throw new Error("the socket is closed");
    const called = socket[method] as (...parameters: unknown[]) => unknown;
    if (method === "bind") {
      binding = { number, call };
      socket.once("listening", () => {
        binding = undefined;
        answer(call, { result: socket.address() });
      });
      called.apply(socket, parameters);
    } else {
      answer(call, { result: called.apply(socket, parameters) });
    }
  } catch (error) {
    if (!failBind(number, error)) answer(call, { error: plainError(error) });
  }
}

/** Also of a socket that could not be made: whoever closes it waits for the end of it. */
function close(number: number): void {
  const socket = sockets.get(number);
  if (socket === undefined) tell({ socket: number, event: "close" });
  else closeOnceRead(socket);
}

/** What the system holds for it is received before, and of what senders go on sending no more than the system may hold. */
function closeOnceRead(socket: Socket): void {
  let left = bufferOf(socket);
  let isQuiet = false;
  const read = (datagram: Buffer): void => {
    isQuiet = false;
    left -= datagram.length + OVERHEAD_BYTES;
  };
  const look = (): void => {
    if (isQuiet || left <= 0) {
      socket.close();
      return;
    }
    isQuiet = true;
    // A whole turn of the event loop lies between.
    setImmediate(look);
  };
  socket.on("message", read);
  setImmediate(look);
}

/** In bytes; none of a socket that is not bound. */
function bufferOf(socket: Socket): number {
  try {
    return socket.getRecvBufferSize();
  } catch {
    return 0;
  }
}

/** @returns whether somebody was waiting for that socket to be bound */
function failBind(number: number, error: unknown): boolean {
  if (binding?.number !== number) return false;
  const { call } = binding;
  binding = undefined;
  answer(call, { error: plainError(error) });
  return true;
}

function answer(call: number, said: Answer): void {
  answers.postMessage(said);
  Atomics.store(lastAnswer, 0, call);
  Atomics.notify(lastAnswer, 0);
}

parentPort?.on("message", (order: Order) => {
  try {
    if (order.order === "open") open(order);
    else if (order.order === "call") call(order);
    else close(order.socket);
  } catch (error) {
    tell({ socket: order.socket, event: "error", error: plainError(error) });
  }
});
