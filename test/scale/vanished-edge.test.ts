import assert from "node:assert/strict";
import { once } from "node:events";
import WebSocket from "ws";
import { scheduleOf } from "../support/process-usage";
import { until } from "../support/until";
import { startBalancer } from "./balancers";
import { startAedes } from "./brokers";
import { cutEdge } from "./failover";
import { ScaleRig } from "./scale-rig";

const TIMEOUT_MS = 120_000;
const FOLLOWERS = 20;
const SENSORS = 10;
const PER_SECOND = 200;
const HEARTBEAT_S = 1;
/** For which the balancer waits: a little more than two heartbeats. */
const SILENCE_MS = 2500;
/** What a client takes once its connection is closed. */
const MOVED_WITHIN_MS = 3000;

describe("an edge whose computer vanishes without a word", function () {
  this.timeout(TIMEOUT_MS);
  let rig: ScaleRig;

  before(async () => {
    rig = await ScaleRig.start({
      broker: await startAedes(),
      startBalancer: (ports) => startBalancer(ports, SILENCE_MS),
      sensors: SENSORS,
      heartbeat: HEARTBEAT_S,
      viaCables: true,
    });
  });
  after(() => rig?.stop());

  it("costs its clients what the balancer waits for it, and then as much as one that is killed", async () => {
    const followers = await rig.follow(FOLLOWERS);
    rig.sensors.start(PER_SECOND);
    await until(() => followers.every(({ received }) => received > 0), "nothing arrives", TIMEOUT_MS);
    const waitedMs = (): number => scheduleOf(process.pid).waitedMs + scheduleOf(rig.edges[1]?.pid ?? 0).waitedMs;
    const before = waitedMs();
    const { clients, longestMs } = await cutEdge(rig, 0, TIMEOUT_MS);
    const othersMs = waitedMs() - before;
    rig.sensors.pause();
    assert.equal(clients, FOLLOWERS / 2);
    assert.ok(longestMs >= SILENCE_MS, `${longestMs} ms`);
    assert.ok(longestMs - othersMs < SILENCE_MS + MOVED_WITHIN_MS, `${longestMs} ms (${othersMs} of a busy computer)`);
    assert.deepEqual(
      followers.flatMap(({ complaints }) => complaints),
      [],
    );
  });

  it("is not taken for one that is healthy and silent, since that sends pings", async () => {
    const client = new WebSocket(rig.url);
    const closed = once(client, "close").then(() => Promise.reject(new Error("the balancer has closed it")));
    for (let pings = 0; pings * HEARTBEAT_S * 1000 < 2 * SILENCE_MS; pings++)
      await Promise.race([once(client, "ping"), closed]);
    closed.catch(() => undefined);
    client.terminate();
  });
});
