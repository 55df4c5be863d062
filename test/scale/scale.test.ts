import assert from "node:assert/strict";
import { scheduleOf } from "../support/process-usage";
import { until } from "../support/until";
import { startBalancer } from "./balancers";
import { startAedes } from "./brokers";
import { killEdge } from "./failover";
import type { Follower } from "./follower";
import { ScaleRig } from "./scale-rig";

const TIMEOUT_MS = 120_000;
const SENSORS = 10;
const PER_SECOND = 200;
const MOVED_WITHIN_MS = 3000;

describe("past one machine", function () {
  this.timeout(TIMEOUT_MS);
  let rig: ScaleRig;

  before(async () => {
    rig = await ScaleRig.start({ broker: await startAedes(), startBalancer, sensors: SENSORS });
  });
  afterEach(() => {
    rig.sensors.pause();
    rig.leave();
  });
  after(() => rig?.stop());

  /** Resolves when so many more readings were sent. */
  const sent = async (more: number): Promise<void> => {
    const target = rig.sensors.sent + more;
    await until(() => rig.sensors.sent >= target, "too few readings were sent", TIMEOUT_MS);
  };
  /** While other programs had the processors: of the clients and of the edge that they go to. */
  const waitedMs = (): number => scheduleOf(process.pid).waitedMs + scheduleOf(rig.edges[1]?.pid ?? 0).waitedMs;
  const complaints = (followers: readonly Follower[]) => followers.flatMap(({ complaints }) => complaints);

  it("every client of either edge gets every reading it wants, in order, with the time and number it had", async () => {
    const everything = await rig.follow(20);
    const some = await rig.follow(20, ["s3", "s7"]);
    const beganAt = Date.now();
    rig.sensors.start(PER_SECOND);
    await sent(2 * PER_SECOND);
    rig.sensors.pause();
    await rig.catchUp();
    assert.deepEqual(complaints(rig.followers), []);
    for (const { topics } of everything) {
      assert.equal(topics.size, SENSORS);
      assert.ok([...topics.values()].every(({ first }) => first === 1));
    }
    for (const { topics } of some) assert.deepEqual([...topics.keys()].sort(), ["s3", "s7"]);
    const [reference, ...others] = everything.map(({ topics }) => topics.get("s0"));
    assert.ok(reference !== undefined && reference.lastTime >= beganAt && reference.lastTime <= Date.now());
    for (const other of others) assert.deepEqual(other, reference);
  });

  it("an edge that is killed costs its clients three seconds at most, and they start with the newest values", async () => {
    const followers = await rig.follow(40);
    rig.sensors.start(PER_SECOND);
    await sent(PER_SECOND);
    const waitedBefore = waitedMs();
    const { clients, longestMs, ...move } = await killEdge(rig, 0);
    const othersMs = waitedMs() - waitedBefore;
    rig.sensors.pause();
    await rig.catchUp();
    assert.deepEqual(complaints(followers), []);
    assert.ok(clients > 0);
    assert.ok(followers.every(({ moves, missed }) => missed === moves.length));
    assert.deepEqual(
      followers.flatMap(({ moves }) => moves.map(({ attempts }) => attempts)).filter((attempts) => attempts > 1),
      [],
    );
    const silence = `a client heard nothing for ${longestMs} ms (${othersMs} of a busy computer): ${JSON.stringify(move)}`;
    assert.ok(longestMs - othersMs < MOVED_WITHIN_MS, silence);
  });

  it("an edge that starts has the newest value of each topic, although its sensor is silent", async () => {
    rig.sensors.start(PER_SECOND);
    await sent(PER_SECOND);
    rig.sensors.pause();
    await rig.follow(2);
    await rig.catchUp();
    await rig.edges[1]?.kill();
    await rig.edges[1]?.restart();
    await rig.follow(4);
    await rig.catchUp();
  });

  it("a broker that is gone for a while loses nothing", async () => {
    const followers = await rig.follow(20);
    const before = new Map(rig.sensors.names.map((name) => [name, rig.sensors.sentBy(name)]));
    rig.sensors.start(PER_SECOND);
    await sent(PER_SECOND);
    await rig.broker.down();
    await sent(PER_SECOND);
    await rig.broker.up();
    await sent(PER_SECOND);
    rig.sensors.pause();
    await rig.catchUp();
    assert.deepEqual(complaints(followers), []);
    for (const { topics } of followers) {
      for (const [name, { first, last }] of topics) {
        assert.ok(first <= (before.get(name) ?? 0) + 1, `${name} began with ${first}`);
        assert.equal(last, rig.sensors.sentBy(name));
      }
    }
  });
});
