import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import WebSocket from "ws";
import { BroadcastServer } from "../../../../nodes/lib/ws/broadcast-server";
import { addRoute } from "../../../../nodes/lib/ws/endpoint/upgrade-router";
import { startThrottledProxy, type ThrottledProxy } from "../../../support/throttled-proxy";

const MAX_AGE_MS = 1000;
const TOPICS = 50;
const FEED_BYTES_PER_SECOND = 1_000_000;
const READING_BYTES = 200;
const FEED_INTERVAL_MS = 10;
const SETTLING_MS = 6000;
const MEASURED_MS = 4000;
const READER_BYTES_PER_SECOND = [5_000, 20_000, 100_000, 400_000];
const PADDING = "x".repeat(READING_BYTES - 60);

/** Reads readings through a slow network and notes how old they are. */
class SlowReader {
  oldestMs = 0;
  lastMs = 0;
  readonly topics = new Map<number, number>();
  isMeasuring = false;

  constructor(readonly socket: WebSocket) {
    socket.on("message", (data) => {
      const { topic, sentAt } = JSON.parse(data.toString()) as { topic: number; sentAt: number };
      this.lastMs = performance.now() - sentAt;
      if (!this.isMeasuring) return;
      this.oldestMs = Math.max(this.oldestMs, this.lastMs);
      this.topics.set(topic, (this.topics.get(topic) ?? 0) + 1);
    });
  }
}

describe("freshness behind a slow network", () => {
  let http: Server;
  let broadcast: BroadcastServer;
  const proxies: ThrottledProxy[] = [];
  const readers: SlowReader[] = [];

  before(async () => {
    http = createServer().listen(0, "127.0.0.1");
    await once(http, "listening");
    broadcast = new BroadcastServer(
      {
        mode: "stream",
        slow: "skip",
        maxAge: MAX_AGE_MS,
        logBytes: 8 * 1024 * 1024,
        replay: true,
        heartbeat: 30,
        origins: [],
        maxClients: 0,
        maxClientsPerAddress: 0,
      },
      { onError: (error) => assert.fail(String(error)) },
    );
    addRoute(http, "/ws", broadcast.accept);
  });

  after(async () => {
    for (const { socket } of readers) socket.terminate();
    for (const proxy of proxies) await proxy.stop();
    await broadcast.shutdown();
    http.close();
  });

  async function connect(bytesPerSecond: number, mode: string): Promise<SlowReader> {
    const proxy = await startThrottledProxy((http.address() as AddressInfo).port, bytesPerSecond);
    proxies.push(proxy);
    const socket = new WebSocket(`ws://127.0.0.1:${proxy.port}/ws?mode=${mode}`, { perMessageDeflate: false });
    const reader = new SlowReader(socket);
    readers.push(reader);
    await once(socket, "open");
    return reader;
  }

  /** In order of topic, so that the period of the feed lines up with the drain of the readers again and again. */
  async function feed(ms: number): Promise<void> {
    const start = performance.now();
    let published = 0;
    for (let now = start; now - start < ms; now = performance.now()) {
      const due = ((now - start) * FEED_BYTES_PER_SECOND) / READING_BYTES / 1000;
      for (; published < due; published++) {
        const reading = { topic: published % TOPICS, sentAt: performance.now(), padding: PADDING };
        broadcast.publish(`t/${reading.topic}`, { kind: "json", body: JSON.stringify(reading) }, {});
      }
      await setTimeout(FEED_INTERVAL_MS);
    }
  }

  it("shows every topic and nothing older than the allowed age in latest mode, and an ever older backlog without", async function () {
    this.timeout(3 * (SETTLING_MS + MEASURED_MS));
    // Ages are those of the wall clock: on a machine that is busy with something else they say nothing.
    this.retries(2);
    const fresh = await Promise.all(READER_BYTES_PER_SECOND.map((rate) => connect(rate, "latest")));
    const backlogged = await connect(READER_BYTES_PER_SECOND[0] as number, "stream");
    await feed(SETTLING_MS);
    for (const reader of fresh) reader.isMeasuring = true;
    await feed(MEASURED_MS);

    for (const [index, { oldestMs, topics }] of fresh.entries()) {
      const rate = `at ${READER_BYTES_PER_SECOND[index]} bytes/s`;
      assert.ok(oldestMs < MAX_AGE_MS, `${rate} a reading was ${Math.round(oldestMs)} ms old`);
      assert.equal(topics.size, TOPICS, `${rate} only ${topics.size} topics were seen`);
    }
    assert.ok(backlogged.lastMs > 5 * MAX_AGE_MS, `the backlog is only ${Math.round(backlogged.lastMs)} ms old`);
  });
});
