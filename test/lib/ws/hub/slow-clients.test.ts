import assert from "node:assert/strict";
import type { HubOptions } from "../../../../nodes/lib/ws/hub/hub-options";
import { FakeClock } from "../../../support/fake-clock";
import { parseFrames } from "../../../support/fake-frame-sink";
import { TestHub } from "../../../support/test-hub";

describe("clients of the hub that fall behind", () => {
  let clock: FakeClock;
  let hub: TestHub;

  beforeEach(() => {
    clock = new FakeClock();
    hub = hubWith({});
  });

  afterEach(() => hub.close());

  function hubWith(options: Partial<HubOptions>): TestHub {
    hub?.close();
    return new TestHub({ clock, ...options });
  }

  it("skips a stream client ahead when it falls out of the log, and counts the gap", () => {
    const slow: string[] = [];
    hub = hubWith({ onSlow: () => slow.push("slow"), onRecovered: () => slow.push("recovered") });
    const { sink, client } = hub.join();
    clock.advance(10);
    sink.isStalled = true;
    for (let i = 0; i < 2000; i++) {
      hub.publish("a", `${i} ${"x".repeat(100)}`);
      if (i % 10 === 0) clock.advance(2);
    }
    clock.advance(10);
    sink.isStalled = false;
    sink.drain();
    clock.advance(100);
    const counts = hub.countsOf(client);
    assert.equal(counts.offered, 2000);
    assert.equal(counts.delivered, sink.texts.length);
    assert.equal(counts.conflated, 0);
    assert.ok(counts.dropped > 0);
    assert.equal(sink.texts.at(-1), `1999 ${"x".repeat(100)}`);
    assert.deepEqual(slow, ["slow", "recovered"]);
  });

  it("reports a stream client that falls out of the log as too slow, when told to", () => {
    hub = hubWith({ slow: "disconnect", onTooSlow: (client) => hub.leave(client) });
    const { sink } = hub.join();
    const other = hub.join();
    clock.advance(10);
    sink.isStalled = true;
    for (let i = 0; i < 1000; i++) {
      hub.publish("a", "x".repeat(100));
      clock.advance(2);
    }
    assert.equal(hub.counts().clients, 1);
    assert.equal(other.sink.texts.length, 1000);
  });

  it("sends a latest client that was stalled the newest of each topic", () => {
    const { sink, client } = hub.join({ mode: "latest" });
    hub.publish("a", "a0");
    clock.advance(10);
    sink.isStalled = true;
    hub.publish("a", "a1");
    clock.advance(10);
    for (let i = 2; i < 100; i++) hub.publish("a", `a${i}`);
    hub.publish("b", "b1");
    clock.advance(10);
    sink.isStalled = false;
    sink.drain();
    for (const ping of sink.pings) hub.pong(client, ping);
    clock.advance(10);
    assert.deepEqual(sink.texts, ["a0", "a1", "a99", "b1"]);
    assert.deepEqual(hub.countsOf(client), { offered: 101, delivered: 4, conflated: 97, dropped: 0, pending: 0 });
  });

  it("serves every topic in turn when a latest client can take only some, also with a periodic feed", () => {
    const { sink, client } = hub.join({ mode: "latest" });
    const received = new Map<string, number>();
    for (let round = 0; round < 400; round++) {
      for (let topic = 0; topic < 20; topic++) hub.publish(`t${topic}`, `t${topic} ${"x".repeat(1000)}`);
      clock.advance(20);
      const frames = sink.frames.splice(0);
      for (const { opcode, payload } of frames) {
        if (opcode === 9) hub.pong(client, payload);
        else {
          const name = payload.toString().split(" ")[0] as string;
          received.set(name, (received.get(name) ?? 0) + 1);
        }
      }
    }
    assert.equal(received.size, 20);
    const times = [...received.values()];
    assert.ok(Math.min(...times) > 0.8 * Math.max(...times), `uneven: ${times}`);
  });

  it("sends at most one reading per topic in the time a client asks for, the newest, and always the last", () => {
    const { sink, client } = hub.join({ every: 100 });
    clock.advance(10);
    const sentAt: number[] = [];
    let last = 0;
    for (let i = 1; i <= 500; i++) {
      last = i;
      hub.publish("a", String(i));
      clock.advance(1);
      if (sink.texts.length > sentAt.length) sentAt.push(clock.now());
    }
    clock.advance(200);
    assert.equal(sink.texts.at(-1), String(last));
    for (const [index, at] of sentAt.entries()) {
      if (index > 0) assert.ok(at - (sentAt[index - 1] as number) >= 99, `sent at ${sentAt}`);
    }
    assert.ok(sentAt.length >= 5);
    const { offered, delivered, pending } = hub.countsOf(client);
    assert.deepEqual([offered, delivered, pending], [500, sink.texts.length, 0]);
  });

  it("go on in latest mode though they answer only the newest ping, which need not be one of the hub's", () => {
    const { sink, client } = hub.join({ mode: "latest" });
    clock.advance(10);
    for (let round = 1; round <= 50; round++) {
      for (let i = 0; i < 40; i++) hub.publish(`t/${i}`, "x".repeat(1000));
      clock.advance(50);
      // A heartbeat comes behind everything that was sent.
      const [{ payload } = { payload: Buffer.alloc(0) }] = parseFrames(hub.hub.pingFor(client));
      hub.pong(client, payload);
    }
    clock.advance(50);
    const { offered, delivered, conflated, pending } = hub.countsOf(client);
    assert.deepEqual([offered, pending], [2000, 0]);
    assert.equal(delivered + conflated, 2000);
    assert.ok(sink.texts.length > 500, `only ${sink.texts.length} readings were sent`);
  });

  it("are asked without a mark whether they are alive as long as none was sent", () => {
    const { client } = hub.join({ mode: "latest", replay: false });
    assert.deepEqual(parseFrames(hub.hub.pingFor(client)), [{ opcode: 9, payload: Buffer.alloc(0) }]);
    assert.deepEqual(parseFrames(hub.hub.pingFor(hub.join().client))[0]?.payload.length, 0);
  });

  it("has nobody wait for those that are stalled", () => {
    const joined = Array.from({ length: 100 }, () => hub.join({ replay: false }).sink);
    const writeMs = 0.2;
    const reading = joined.slice(50);
    for (const sink of reading) {
      const write = sink.write.bind(sink);
      sink.write = (frames) => {
        clock.elapse(writeMs);
        return write(frames);
      };
    }
    clock.advance(100);
    for (const sink of joined.slice(0, 50)) sink.isStalled = true;
    const waited: number[] = [];
    for (let i = 0; i < 60; i++) {
      const received = (): number => reading.reduce((sum, { texts }) => sum + texts.length, 0);
      const before = received();
      const publishedAt = clock.now();
      hub.publish("t", String(i));
      // A pass takes 10 ms, so that the loop is full to three fifths.
      while (received() === before) clock.runNext();
      waited.push(clock.now() - publishedAt);
      clock.advance(1000 / 60 - (clock.now() - publishedAt));
    }
    // No longer than the first slice of a pass takes.
    assert.ok(Math.max(...waited) < 7, `they wait for ${Math.max(...waited)} ms`);
  });
});
