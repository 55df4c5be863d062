import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { spawn } from "node:child_process";
import { createSocket, type RemoteInfo } from "node:dgram";
import { type EventEmitter, once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { ReceiverThread, type ReceiverThreadOptions } from "../../../../nodes/lib/udp/receiver/receiver-thread";
import { ThreadSocket } from "../../../../nodes/lib/udp/receiver/thread-socket";
import type { DatagramSocket } from "../../../../nodes/lib/udp/socket/socket-environment";
import { FakeClock } from "../../../support/fake-clock";

type Listening = DatagramSocket & EventEmitter;

/** Sends numbered datagrams from a process of its own, for this one may be blocked meanwhile. */
const SENDER = `
const [, port, count, perMs] = process.argv.map(Number);
const socket = require("dgram").createSocket("udp4");
let sent = 0, left = count;
const done = () => { if (--left === 0) socket.close(); };
const timer = setInterval(() => {
  for (let i = 0; i < perMs && sent < count; i++) socket.send(String(sent++), port, "127.0.0.1", done);
  if (sent === count) clearInterval(timer);
}, 1);
`;

const WORKER = require.resolve("../../../../nodes/lib/udp/receiver/receiver-worker");
const QUEUE_BYTES = 1024 * 1024;

describe("receiver thread", () => {
  const unavailable: unknown[] = [];
  let open: Listening[];
  let isHeld: boolean;

  beforeEach(() => {
    unavailable.length = 0;
    open = [];
    isHeld = false;
  });

  afterEach(async () => {
    for (const socket of open) {
      socket.close();
      await once(socket, "close");
    }
  });

  function create(options: Partial<ReceiverThreadOptions> = {}): ReceiverThread {
    return new ReceiverThread({ onUnavailable: (error) => unavailable.push(error), ...options });
  }

  async function bound(thread: ReceiverThread, queueBytes = QUEUE_BYTES): Promise<Listening> {
    const socket = thread.open({ type: "udp4" }, { bytes: queueBytes, isHeld: () => isHeld }) as Listening;
    open.push(socket);
    socket.bind({ port: 0, address: "127.0.0.1", exclusive: true });
    await once(socket, "listening");
    return socket;
  }

  async function send(to: Listening, ...datagrams: string[]): Promise<number> {
    const sender = createSocket("udp4").bind(0, "127.0.0.1");
    await once(sender, "listening");
    const { port } = sender.address();
    for (const datagram of datagrams) sender.send(datagram, to.address().port, "127.0.0.1");
    await new Promise<void>((resolve) => sender.send("last", to.address().port, "127.0.0.1", () => resolve()));
    sender.close();
    return port;
  }

  it("receives as a socket of the main thread does, with the time of arrival", async () => {
    const socket = await bound(create());
    ok(socket instanceof ThreadSocket);
    const received: [string, RemoteInfo, number][] = [];
    const all = new Promise<void>((resolve) => {
      socket.on("message", (bytes: Buffer, sender: RemoteInfo, arrival: number) => {
        received.push([bytes.toString(), sender, arrival]);
        if (received.length === 3) resolve();
      });
    });
    const before = Date.now();
    const port = await send(socket, "one", "");
    await all;
    deepEqual(
      received.map(([text, sender]) => [text, sender]),
      ["one", "", "last"].map((text) => [text, { address: "127.0.0.1", port, family: "IPv4", size: text.length }]),
    );
    for (const [, , arrival] of received) ok(arrival >= before && arrival <= Date.now());
  });

  it("answers calls at once, or throws what the system says", async () => {
    const socket = await bound(create());
    socket.setRecvBufferSize(65536);
    ok(socket.getRecvBufferSize() >= 65536);
    throws(() => socket.addMembership("10.0.0.1"), { code: "EINVAL" });
    throws(() => socket.setRecvBufferSize(-1), /positive|range|size/i);
  });

  it("says as an event that a port is taken", async () => {
    const first = await bound(create());
    const second = create().open({ type: "udp4" }, { bytes: QUEUE_BYTES, isHeld: () => false }) as Listening;
    open.push(second);
    second.bind({ port: first.address().port, address: "127.0.0.1", exclusive: true });
    const [error] = (await once(second, "error")) as [NodeJS.ErrnoException];
    equal(error.code, "EADDRINUSE");
  });

  it("says as an event that a socket could not even be made, and that it is closed", async () => {
    const type = "udp5" as "udp4";
    const socket = create().open({ type }, { bytes: QUEUE_BYTES, isHeld: () => false }) as Listening;
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    equal(error.code, "ERR_SOCKET_BAD_TYPE");
    const closed = once(socket, "close");
    socket.close();
    await closed;
  });

  it("loses nothing while the main thread is blocked", async () => {
    const COUNT = 10_000;
    const socket = await bound(create());
    socket.setRecvBufferSize(212_992);
    let received = 0;
    const all = new Promise<void>((resolve) => {
      socket.on("message", () => {
        if (++received === COUNT) resolve();
      });
    });
    const parameters = ["-e", SENDER, String(socket.address().port), String(COUNT), "20"];
    const sender = spawn(process.execPath, parameters, { stdio: ["ignore", "ignore", "inherit"] });
    await once(socket, "message");
    // The thread alone has these sockets: it goes on while this one does nothing else for as long as the sender takes.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
    await all;
    if (sender.exitCode === null) await once(sender, "exit");
    equal((socket as unknown as ThreadSocket).threadDrops, 0);
  });

  it("holds datagrams as long as their listener is behind", async () => {
    const socket = await bound(create());
    const received: string[] = [];
    const first = once(socket, "message");
    const last = new Promise<void>((resolve) => {
      socket.on("message", (bytes: Buffer) => {
        isHeld = received.push(bytes.toString()) < 30;
        if (bytes.toString() === "last") resolve();
      });
    });
    await send(socket, ...Array.from({ length: 30 }, (_, index) => String(index)));
    await first;
    const beforeHeld = received.length;
    for (let turn = 0; turn < 20; turn++) await setImmediate();
    equal(received.length, beforeHeld);
    ok(beforeHeld <= 8, `${beforeHeld} at once`);
    const release = setInterval(() => {
      isHeld = false;
    }, 1);
    await last;
    clearInterval(release);
    equal(received.length, 31);
  });

  it("counts what a full ring has no room for", async () => {
    const socket = await bound(create(), 4096);
    let received = 0;
    socket.on("message", () => received++);
    await send(socket, "x");
    // Blocked, with some 200 datagrams on their way to a ring for 100 of them.
    const sender = createSocket("udp4");
    for (let i = 0; i < 200; i++) sender.send("x", socket.address().port, "127.0.0.1");
    await new Promise<void>((resolve) => sender.send("last", socket.address().port, "127.0.0.1", () => resolve()));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    sender.close();
    const closed = once(socket, "close");
    open.pop();
    socket.close();
    await closed;
    const { threadDrops } = socket as unknown as ThreadSocket;
    ok(threadDrops > 50, `${threadDrops} dropped`);
    equal(received + threadDrops, 203);
  });

  it("ends a while after its last socket, and starts again with the next", async () => {
    const clock = new FakeClock();
    const workers: Worker[] = [];
    const thread = create({
      clock,
      startWorker(workerData, transferList) {
        const worker = new Worker(WORKER, { workerData, transferList });
        workers.push(worker);
        return worker;
      },
    });
    const first = await bound(thread);
    await bound(thread);
    for (const socket of open.splice(0)) {
      socket.close();
      await once(socket, "close");
    }
    ok(first);
    const exited = once(workers[0] as Worker, "exit");
    clock.advance(10_000);
    await exited;
    await bound(thread);
    equal(workers.length, 2);
    for (const socket of open.splice(0)) {
      socket.close();
      await once(socket, "close");
    }
    clock.advance(10_000);
    deepEqual(unavailable, []);
  });

  it("uses the memory of closed sockets again: a redeploy costs none, even if it takes seconds", async () => {
    const clock = new FakeClock();
    const thread = create({ clock });
    const held: number[] = [];
    for (let deploy = 0; deploy < 10; deploy++) {
      const socket = await bound(thread, 16 * 1024 * 1024);
      const received = once(socket, "message");
      await send(socket);
      equal(String((await received)[0]), "last");
      held.push(process.memoryUsage().arrayBuffers);
      open.pop();
      socket.close();
      await once(socket, "close");
      equal((socket as unknown as ThreadSocket).threadDrops, 0);
      clock.advance(5000);
    }
    clock.advance(5000);
    ok((held.at(-1) ?? 0) - (held[0] ?? 0) < 16 * 1024 * 1024, held.join(", "));
  });
});
