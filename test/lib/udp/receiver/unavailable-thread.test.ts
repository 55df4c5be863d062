import { deepEqual, equal, match, ok } from "node:assert/strict";
import { createSocket, Socket } from "node:dgram";
import { type EventEmitter, once } from "node:events";
import { Worker } from "node:worker_threads";
import { PackageReplacedError } from "../../../../nodes/lib/installation/installation";
import { inEnglish, sentence } from "../../../../nodes/lib/text/sentence";
import { ReceiverThread, type ReceiverThreadOptions } from "../../../../nodes/lib/udp/receiver/receiver-thread";
import { ThreadSocket } from "../../../../nodes/lib/udp/receiver/thread-socket";
import type { DatagramSocket } from "../../../../nodes/lib/udp/socket/socket-environment";
import { noThread } from "../../../../nodes/lib/udp/threaded-environment";
import { FakeClock } from "../../../support/fake-clock";

type Listening = DatagramSocket & EventEmitter;

const WORKER = require.resolve("../../../../nodes/lib/udp/receiver/receiver-worker");

describe("a receiver thread that cannot run", () => {
  let unavailable: unknown[];
  let open: Listening[];

  beforeEach(() => {
    unavailable = [];
    open = [];
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

  /** One that can be ended from outside, once it runs. */
  function breakable(): { thread: ReceiverThread; end(): Promise<unknown> } {
    let worker: Worker | undefined;
    const thread = create({
      startWorker(workerData, transferList) {
        worker = new Worker(WORKER, { workerData, transferList });
        return worker;
      },
    });
    return { thread, end: async () => await worker?.terminate() };
  }

  async function bound(thread: ReceiverThread): Promise<Listening> {
    const socket = thread.open({ type: "udp4" }, { bytes: 1024 * 1024, isHeld: () => false }) as Listening;
    open.push(socket);
    socket.bind({ port: 0, address: "127.0.0.1", exclusive: true });
    await once(socket, "listening");
    return socket;
  }

  async function send(to: Listening, datagram: string): Promise<void> {
    const sender = createSocket("udp4");
    await new Promise<void>((resolve) =>
      sender.send(datagram, to.address().port, "127.0.0.1", () => sender.close(resolve)),
    );
  }

  it("has sockets opened on the main thread, and why is said once", async () => {
    const thread = create({
      startWorker() {
        throw new Error("no threads here");
      },
    });
    ok((await bound(thread)) instanceof Socket);
    ok((await bound(thread)) instanceof Socket);
    equal(unavailable.length, 1);
    match(String(unavailable[0]), /no threads here/);
  });

  it("is tried again for sockets that are opened later, ever more rarely; that there is none is said once per failure", async () => {
    const clock = new FakeClock();
    let tries = 0;
    let worker: Worker | undefined;
    const thread = create({
      clock,
      startWorker(workerData, transferList) {
        if (++tries <= 2) throw new Error("no threads now");
        worker = new Worker(WORKER, { workerData, transferList });
        return worker;
      },
    });
    ok((await bound(thread)) instanceof Socket);
    clock.advance(59_999);
    ok((await bound(thread)) instanceof Socket);
    equal(tries, 1);
    clock.advance(1);
    ok((await bound(thread)) instanceof Socket);
    clock.advance(60_000);
    ok((await bound(thread)) instanceof Socket);
    equal(tries, 2);
    clock.advance(60_000);
    const socket = await bound(thread);
    ok(socket instanceof ThreadSocket);
    match(unavailable.map(String).join(), /^Error: no threads now$/);

    const failed = once(socket, "error");
    await worker?.terminate();
    await failed;
    match(unavailable.map(String).join(), /now,Error: the receiver thread has ended$/);
    open.splice(open.indexOf(socket), 1);
    ok((await bound(thread)) instanceof Socket);
    clock.advance(60_000);
    const again = await bound(thread);
    ok(again instanceof ThreadSocket);
    const received = once(again, "message");
    await send(again, "last");
    equal(String((await received)[0]), "last");
    open.pop();
    again.close();
    await once(again, "close");
    clock.advance(60_000);
    equal(unavailable.length, 2);
  });

  it("is not started from the files of another version than the one that runs", async () => {
    const replaced = new PackageReplacedError(
      sentence("installation.replaced", { installed: "2.0.0", running: "1.0.0" }),
    );
    const thread = create({
      checkFiles() {
        throw replaced;
      },
    });
    ok((await bound(thread)) instanceof Socket);
    deepEqual(unavailable, [replaced]);
    match(inEnglish(noThread(replaced)), /busy: .*version 2\.0\.0 .*restart Node-RED/);
  });

  it("reports an error on each of its sockets when the thread breaks, and opens the next on the main thread", async () => {
    const { thread, end } = breakable();
    const socket = await bound(thread);
    const failed = once(socket, "error");
    await end();
    match(String((await failed)[0]), /has ended/);
    ok((await bound(thread)) instanceof Socket);
    equal(unavailable.length, 1);
  });

  it("says that a socket is closed, also where the thread breaks before it can", async () => {
    const { thread, end } = breakable();
    const socket = await bound(thread);
    open.pop();
    const closed = once(socket, "close");
    const ended = end();
    socket.close();
    await ended;
    await closed;
    equal(unavailable.length, 1);
  });
});
