import { createSocket, type Socket } from "node:dgram";
import { parentPort, workerData } from "node:worker_threads";
import { RingWriter } from "./datagram-ring";
import { type Answer, type Happening, type Order, plainError, type ThreadData } from "./protocol";

/** What the receiving thread runs: sockets that write what they receive into their rings. It decides nothing. */
const { answered, answers } = workerData as ThreadData;
const lastAnswer = new Int32Array(answered);
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
  // Not before the system has no more for now: else a main thread that keeps up is woken for each of them.
  const wake = () => tell({ socket: number, event: "datagrams" });
  socket.on("message", (datagram, sender) => {
    if (writer.write(datagram, sender, Date.now())) setImmediate(wake);
  });
  socket.on("error", (error) => {
    if (!failBind(number, error)) tell({ socket: number, event: "error", error: plainError(error) });
  });
  socket.on("close", () => {
    sockets.delete(number);
    tell({ socket: number, event: "close" });
  });
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
  else socket.close();
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
