import { deepEqual, equal } from "node:assert/strict";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { ReceiverThread } from "../../../../nodes/lib/udp/receiver/receiver-thread";
import { systemEnvironment } from "../../../../nodes/lib/udp/socket/socket-environment";
import type { SocketLease } from "../../../../nodes/lib/udp/socket/socket-lease";
import { SocketPool } from "../../../../nodes/lib/udp/socket/socket-pool";
import { FakeClock } from "../../../support/fake-clock";
import { freeUdpPort } from "../../../support/free-port";
import { REQUEST } from "../../../support/pool-under-test";
import { SocketInbox } from "../../../support/socket-inbox";
import { send } from "../../../support/udp";
import { until } from "../../../support/until";

const WORKER = require.resolve("../../../../nodes/lib/udp/receiver/receiver-worker");
const FIRST_RETRY_MS = 250;

/** One that takes its time, so that datagrams are held for it. */
class BusyInbox extends SocketInbox {
  isBusy(): boolean {
    return true;
  }
}

describe("what waits in the queue of a receiver thread that breaks", () => {
  let port: number;
  let clock: FakeClock;
  let worker: Worker;
  let isBroken: boolean;
  let pool: SocketPool;
  let leases: SocketLease[];

  beforeEach(async () => {
    port = await freeUdpPort();
    clock = new FakeClock();
    isBroken = false;
    const thread = new ReceiverThread({
      clock,
      onUnavailable: () => {
        isBroken = true;
      },
      startWorker(workerData, transferList) {
        worker = new Worker(WORKER, { workerData, transferList });
        return worker;
      },
    });
    pool = new SocketPool({ ...systemEnvironment, clock, open: thread.open });
    leases = [];
  });

  afterEach(() => Promise.all(leases.map((lease) => lease.release())));

  async function receive(): Promise<SocketInbox> {
    const inbox = new BusyInbox();
    leases.push(pool.lease({ ...REQUEST, port }, inbox));
    await inbox.isBound();
    return inbox;
  }

  async function breakThread(): Promise<void> {
    await worker.terminate();
    await until(() => isBroken, "nobody noticed");
  }

  it("goes to the node that listens there next before what the main thread then receives", async () => {
    const first = await receive();
    await send(port, ["1", "2", "3"]);
    await leases.pop()?.release();
    deepEqual(first.texts, []);
    await breakThread();
    const second = await receive();
    await send(port, ["4"]);
    deepEqual(await second.untilText("4"), ["1", "2", "3", "4"]);
  });

  it("goes to the node that listens before what the main thread receives in its place", async () => {
    const inbox = await receive();
    const woken = once(worker, "message");
    // Bound as well, and closed once all is read that was sent before: then so is what the first one was sent.
    leases.push(pool.lease({ ...REQUEST, port: await freeUdpPort() }, new BusyInbox()));
    await send(port, ["1", "2", "3"]);
    await leases.pop()?.release();
    await woken;
    await breakThread();
    equal(inbox.failures.length, 1);
    clock.elapse(FIRST_RETRY_MS);
    await until(() => {
      if (clock.pending > 0) clock.runNext();
      return inbox.granted.length === 2;
    }, "it is not bound again");
    await send(port, ["4"]);
    deepEqual(await inbox.untilText("4"), ["1", "2", "3", "4"]);
  });
});
