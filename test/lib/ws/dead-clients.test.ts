import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import type { BroadcastServer } from "../../../nodes/lib/ws/broadcast-server";
import { BroadcastHarness } from "../../support/broadcast-harness";
import { startClientProcess } from "../../support/client-process";
import { rawSocket, upgradeRequest } from "../../support/raw-http";
import { SkippableClock } from "../../support/skippable-clock";
import { startThrottledProxy } from "../../support/throttled-proxy";
import { until } from "../../support/until";
import { WsClient } from "../../support/ws-client";

const HEARTBEAT_S = 30;
/** A masked, empty pong. */
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

describe("slow and dead clients", () => {
  let clock: SkippableClock;
  let server: BroadcastHarness;
  let broadcast: BroadcastServer;
  let honest: WsClient;
  let published: number;

  beforeEach(async () => {
    clock = new SkippableClock();
    server = await BroadcastHarness.start({ settings: { heartbeat: HEARTBEAT_S }, clock });
    broadcast = server.broadcast;
    published = 0;
    honest = await server.connect();
  });
  afterEach(() => server.stop());

  function publish(times = 1, bytes = 10): void {
    for (let i = 0; i < times; i++) server.publish("t", `${++published} ${"x".repeat(bytes)}`);
  }

  /** Lets a heartbeat pass, and the honest client answer its ping. */
  async function heartbeat(): Promise<void> {
    const pinged = once(honest.socket, "ping");
    clock.skip(HEARTBEAT_S * 1000);
    await pinged;
    await honest.roundTrip();
  }

  async function assertGoneWithinTwoHeartbeats(): Promise<void> {
    await heartbeat();
    await heartbeat();
    await until(() => broadcast.clientCount === 1, "the client is still there");
  }

  /** Whatever the others do, one client gets every reading in order. */
  async function assertHonestClientMissedNothing(): Promise<void> {
    for (let expected = 1; expected <= published; expected++) {
      assert.equal(Number.parseInt(String(await honest.next()), 10), expected);
    }
    const { offered, delivered, conflated, dropped, pending } = broadcast.counts();
    assert.equal(offered, delivered + conflated + dropped + pending);
  }

  async function rawClient(path = "/ws"): Promise<Socket> {
    const socket = await rawSocket(server.port);
    server.after(() => socket.destroy());
    socket.write(upgradeRequest({ port: server.port, path }));
    const [answer] = (await once(socket, "data")) as [Buffer];
    assert.match(answer.toString("latin1"), /^HTTP\/1\.1 101 /);
    return socket;
  }

  it("lets go of a stopped process within two heartbeats", async function () {
    if (process.platform === "win32") this.skip();
    const child = await startClientProcess(server.url());
    server.after(() => child.kill("SIGKILL"));
    assert.equal(broadcast.clientCount, 2);
    child.kill("SIGSTOP");
    publish(100);
    await assertGoneWithinTwoHeartbeats();
    publish(100);
    await assertHonestClientMissedNothing();
  });

  it("lets go of a client behind a cut cable within two heartbeats", async () => {
    const proxy = await startThrottledProxy(server.port, 1_000_000);
    server.after(() => proxy.stop());
    const cut = await WsClient.connect(`ws://127.0.0.1:${proxy.port}/ws`);
    server.after(() => cut.socket.terminate());
    proxy.cut();
    publish(100);
    await assertGoneWithinTwoHeartbeats();
    publish(100);
    await assertHonestClientMissedNothing();
  });

  it("lets go of a client that reads but never answers a ping", async () => {
    const mute = await rawClient("/ws?mode=latest");
    mute.resume();
    publish(50);
    await assertGoneWithinTwoHeartbeats();
    await assertHonestClientMissedNothing();
  });

  it("keeps at most one chunk for a client that answers but never reads", async () => {
    const deaf = await rawClient();
    deaf.pause();
    const pongs = setInterval(() => deaf.write(PONG), 100);
    server.after(() => clearInterval(pongs));
    for (let i = 0; i < 200; i++) {
      publish(50, 1000);
      await honest.next();
      for (let rest = 1; rest < 50; rest++) await honest.next();
    }
    const deafCounts = broadcast.clients().find(({ dropped }) => dropped > 0);
    assert.ok(deafCounts, "nothing was dropped for the client that does not read");
    assert.equal(broadcast.clientCount, 2);
    published = 0;
    await assertHonestClientMissedNothing();
  });

  it("survives resets in the middle of a frame, from either side", async () => {
    for (let i = 0; i < 20; i++) {
      const socket = await rawClient();
      socket.write(Buffer.from([0x81, 0xfe, 0x01]));
      publish(50, 1000);
      socket.resetAndDestroy();
      publish(1);
    }
    await until(() => broadcast.clientCount === 1, "a client that reset its connection is still there");
    await assertHonestClientMissedNothing();
  });

  it("survives clients that leave during a pass, and new ones", async () => {
    for (let round = 0; round < 10; round++) {
      const clients = await Promise.all(Array.from({ length: 50 }, () => server.connect()));
      publish(20);
      for (const [index, client] of clients.entries()) {
        if (index % 2 === 0) client.socket.terminate();
        else setImmediate(() => client.socket.close());
      }
      publish(20);
      await Promise.all(clients.map(({ closed }) => closed));
    }
    await until(() => broadcast.clientCount === 1, "a client that left is still there");
    await assertHonestClientMissedNothing();
  });
});
