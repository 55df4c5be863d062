import { createSocket, type Socket } from "node:dgram";
import { parentPort, workerData } from "node:worker_threads";
import { RingWriter } from "./datagram-ring";
import { type Answer, type Happening, type Order, plainError, type ThreadData } from "./protocol";

/** What the receiving thread runs: sockets that write what they receive into their rings. It decides nothing. */
const { answered, answers } = workerData as ThreadData;
const lastAnswer = new Int32Array(answered);
const sockets = new Map<number, Socket>();

function tell(happening: Happening): void {
  parentPort?.postMessage(happening);
}

function open({ socket: number, options, ring }: Extract<Order, { order: "open" }>): void {
  const socket = createSocket(options);
  const writer = new RingWriter(ring);
  sockets.set(number, socket);
  // Not before the system has no more for now: else a main thread that keeps up is woken for each of them.
  const wake = () => tell({ socket: number, event: "datagrams" });
  socket.on("message", (datagram, { address, port }) => {
    if (writer.write(datagram, address, port, Date.now())) setImmediate(wake);
  });
  socket.on("listening", () => tell({ socket: number, event: "listening", address: socket.address() }));
  socket.on("error", (error) => tell({ socket: number, event: "error", error: plainError(error) }));
  socket.on("close", () => {
    sockets.delete(number);
    tell({ socket: number, event: "close" });
  });
}

function answer({ socket, call, method, parameters }: Extract<Order, { order: "call" }>): void {
  let said: Answer;
  try {
    const target = sockets.get(socket);
    const called = target?.[method] as ((...parameters: unknown[]) => unknown) | undefined;
    if (called === undefined) throw new Error("the socket is closed");
    said = { result: called.apply(target, parameters) };
  } catch (error) {
    said = { error: plainError(error) };
  }
  answers.postMessage(said);
  Atomics.store(lastAnswer, 0, call);
  Atomics.notify(lastAnswer, 0);
}

parentPort?.on("message", (order: Order) => {
  try {
    if (order.order === "open") open(order);
    else if (order.order === "bind") sockets.get(order.socket)?.bind(order.options);
    else if (order.order === "call") answer(order);
    else sockets.get(order.socket)?.close();
  } catch (error) {
    tell({ socket: order.socket, event: "error", error: plainError(error) });
  }
});
