import assert from "node:assert/strict";
import { Hub, type HubOptions } from "../../../../nodes/lib/ws/hub/hub";
import type { HubClient } from "../../../../nodes/lib/ws/hub/hub-client";
import { encodePayload, PayloadError } from "../../../../nodes/lib/ws/hub/payload";
import type { Subscription } from "../../../../nodes/lib/ws/hub/subscription";
import { FakeClock } from "../../../support/fake-clock";
import { FakeFrameSink } from "../../../support/fake-frame-sink";

const SUBSCRIPTION: Subscription = {
  filters: [],
  granted: undefined,
  mode: "stream",
  every: 0,
  envelope: undefined,
  since: undefined,
  replay: true,
};

describe("hub", () => {
  let clock: FakeClock;
  let hub: Hub;

  beforeEach(() => {
    clock = new FakeClock();
    hub = hubWith({});
  });

  afterEach(() => hub.close());

  function hubWith(options: Partial<HubOptions>): Hub {
    return new Hub({ slow: "skip", maxAge: 1000, logBytes: 64 * 1024, clock, onError: assert.ifError, ...options });
  }

  function join(subscription: Partial<Subscription> = {}): { sink: FakeFrameSink; client: HubClient } {
    const sink = new FakeFrameSink();
    return { sink, client: hub.join(sink, { ...SUBSCRIPTION, ...subscription }) };
  }

  function publish(topic: string, payload: unknown, envelope = false): number {
    return hub.publish(topic, encodePayload(payload), { envelope, time: 1 });
  }

  it("sends every reading to every client, in order", () => {
    const clients = [join(), join()];
    for (const value of ["1", "2", "3"]) publish("a", value);
    clock.advance(1);
    for (const { sink } of clients) assert.deepEqual(sink.texts, ["1", "2", "3"]);
  });

  it("writes once per client and pass", () => {
    const { sink } = join();
    clock.advance(10);
    for (let i = 0; i < 50; i++) publish("a", i);
    clock.advance(10);
    assert.equal(sink.texts.length, 50);
    assert.equal(sink.writes, 1);
  });

  it("sends at once when idle", () => {
    const { sink } = join();
    clock.advance(50);
    publish("a", "now");
    clock.advance(0);
    assert.deepEqual(sink.texts, ["now"]);
  });

  it("frames text, JSON and binary payloads of every length", () => {
    hub.close();
    hub = hubWith({ logBytes: 1024 * 1024 });
    const { sink } = join();
    for (const length of [0, 1, 125, 126, 127, 128, 65535, 65536, 70000]) {
      publish("a", "x".repeat(length));
      publish("a", Buffer.alloc(length, 1));
      clock.advance(100);
      const [text, binary] = sink.frames.splice(0);
      assert.deepEqual([text?.opcode, text?.payload.length], [1, length]);
      assert.deepEqual([binary?.opcode, binary?.payload.length], [2, length]);
    }
  });

  it("refuses a reading that is larger than the log", () => {
    assert.throws(() => publish("a", "x".repeat(64 * 1024)), PayloadError);
    assert.equal(hub.counts().published, 0);
  });

  it("wraps payloads in an envelope, by the publisher's choice or the client's", () => {
    const chosen = join();
    const bare = join({ envelope: false });
    const wrapped = join({ envelope: true });
    publish("a", { x: 1 }, true);
    publish("b", "text");
    publish("c", Buffer.from([1, 2, 3]));
    clock.advance(100);
    const seq = (n: number) => `${hub.epoch}.${n}`;
    assert.deepEqual(JSON.parse(chosen.sink.texts[0] as string), {
      topic: "a",
      payload: { x: 1 },
      time: 1,
      seq: seq(1),
    });
    assert.deepEqual(bare.sink.texts, ['{"x":1}', "text"]);
    assert.deepEqual(
      wrapped.sink.texts.map((text) => JSON.parse(text)),
      [
        { topic: "a", payload: { x: 1 }, time: 1, seq: seq(1) },
        { topic: "b", payload: "text", time: 1, seq: seq(2) },
        { topic: "c", payload: "AQID", encoding: "base64", time: 1, seq: seq(3) },
      ],
    );
  });

  it("sends a filtered client its topics only", () => {
    const { sink, client } = join({ filters: ["plant/+/temp", "weather/#"] });
    for (const topic of [
      "plant/1/temp",
      "plant/1/humidity",
      "weather",
      "weather/wind/gusts",
      "$weather",
      "plant/temp",
    ]) {
      publish(topic, topic);
    }
    clock.advance(10);
    assert.deepEqual(sink.texts, ["plant/1/temp", "weather", "weather/wind/gusts"]);
    assert.equal(hub.countsOf(client).offered, 3);
  });

  it("replays the newest reading of each topic to a new client, oldest first", () => {
    for (const [topic, value] of [
      ["a", "1"],
      ["b", "2"],
      ["a", "3"],
      ["c", "4"],
    ] as const)
      publish(topic, value);
    const all = join();
    const some = join({ filters: ["b"] });
    const none = join({ replay: false });
    clock.advance(10);
    assert.deepEqual(all.sink.texts, ["2", "3", "4"]);
    assert.deepEqual(some.sink.texts, ["2"]);
    assert.deepEqual(none.sink.texts, []);
    assert.ok(hub.forget("b"));
    const late = join();
    clock.advance(10);
    assert.deepEqual(late.sink.texts, ["3", "4"]);
  });

  it("replays a topic whose newest reading left the log long ago", () => {
    publish("rare", "kept");
    for (let i = 0; i < 5000; i++) publish("busy", `reading ${i} ${"x".repeat(50)}`);
    const { sink } = join();
    clock.advance(10);
    assert.deepEqual(sink.texts, ["kept", `reading 4999 ${"x".repeat(50)}`]);
  });

  it("does not disconnect a client for a replay larger than what it takes at once", () => {
    hub.close();
    const tooSlow: HubClient[] = [];
    hub = hubWith({ slow: "disconnect", logBytes: 128 * 1024, onTooSlow: (client) => tooSlow.push(client) });
    for (let i = 0; i < 200; i++) publish(`t/${i}`, "x".repeat(1000));
    const { sink } = join();
    sink.isStalled = true;
    clock.advance(0);
    for (let i = 0; i < 500; i++) publish(`t/${i % 10}`, "y".repeat(1000));
    clock.advance(10);
    sink.isStalled = false;
    sink.drain();
    clock.advance(100);
    assert.deepEqual(tooSlow, []);
    assert.ok(sink.texts.length > 200);
  });

  it("resumes after a reading without gap or duplicate", () => {
    for (let i = 1; i <= 10; i++) publish(i % 2 ? "odd" : "even", String(i));
    const since = (seq: number) => ({ since: { epoch: hub.epoch, seq } });
    const all = join(since(4));
    const odd = join({ ...since(4), filters: ["odd"] });
    publish("odd", "11");
    clock.advance(10);
    assert.deepEqual(all.sink.texts, ["5", "6", "7", "8", "9", "10", "11"]);
    assert.deepEqual(odd.sink.texts, ["5", "7", "9", "11"]);
    const upToDate = join(since(11));
    clock.advance(10);
    assert.deepEqual(upToDate.sink.texts, []);
  });

  it("says so when it cannot resume, and replays", () => {
    publish("a", "1");
    publish("a", "2");
    for (const since of [
      { epoch: "other", seq: 1 },
      { epoch: hub.epoch, seq: 99 },
    ]) {
      const { sink } = join({ since, envelope: true, replay: false });
      clock.advance(10);
      const [missed, newest, ...rest] = sink.texts.map((text) => JSON.parse(text));
      assert.deepEqual(missed, { missed: true });
      assert.equal(newest.payload, "2");
      assert.deepEqual(rest, []);
    }
  });

  it("skips a stream client ahead when it falls out of the log, and counts the gap", () => {
    const slow: string[] = [];
    hub.close();
    hub = hubWith({ onSlow: () => slow.push("slow"), onRecovered: () => slow.push("recovered") });
    const { sink, client } = join();
    clock.advance(10);
    sink.isStalled = true;
    for (let i = 0; i < 2000; i++) {
      publish("a", `${i} ${"x".repeat(100)}`);
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
    hub.close();
    hub = hubWith({ slow: "disconnect", onTooSlow: (client) => hub.leave(client) });
    const { sink } = join();
    const other = join();
    clock.advance(10);
    sink.isStalled = true;
    for (let i = 0; i < 1000; i++) {
      publish("a", "x".repeat(100));
      clock.advance(2);
    }
    assert.equal(hub.counts().clients, 1);
    assert.equal(other.sink.texts.length, 1000);
  });

  it("sends a latest client that was stalled the newest of each topic", () => {
    const { sink, client } = join({ mode: "latest" });
    publish("a", "a0");
    clock.advance(10);
    sink.isStalled = true;
    publish("a", "a1");
    clock.advance(10);
    for (let i = 2; i < 100; i++) publish("a", `a${i}`);
    publish("b", "b1");
    clock.advance(10);
    sink.isStalled = false;
    sink.drain();
    for (const ping of sink.pings) hub.pong(client, ping);
    clock.advance(10);
    assert.deepEqual(sink.texts, ["a0", "a1", "a99", "b1"]);
    assert.deepEqual(hub.countsOf(client), { offered: 101, delivered: 4, conflated: 97, dropped: 0, pending: 0 });
  });

  it("serves every topic in turn when a latest client can take only some, also with a periodic feed", () => {
    const { sink, client } = join({ mode: "latest" });
    const received = new Map<string, number>();
    for (let round = 0; round < 400; round++) {
      for (let topic = 0; topic < 20; topic++) publish(`t${topic}`, `t${topic} ${"x".repeat(1000)}`);
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
    const { sink, client } = join({ every: 100 });
    clock.advance(10);
    const sentAt: number[] = [];
    let last = 0;
    for (let i = 1; i <= 500; i++) {
      last = i;
      publish("a", String(i));
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

  it("sends to one client alone", () => {
    const one = join();
    const other = join();
    clock.advance(10);
    assert.ok(hub.sendTo(one.client, "a", encodePayload("psst")));
    assert.ok(hub.sendTo(one.client, "a", encodePayload({ x: 1 }), { envelope: true, time: 5 }));
    clock.advance(10);
    assert.deepEqual(one.sink.texts, ["psst", '{"topic":"a","payload":{"x":1},"time":5}']);
    assert.deepEqual(other.sink.texts, []);
    one.sink.isStalled = true;
    assert.ok(hub.sendTo(one.client, "a", encodePayload("x".repeat(65_000))));
    assert.ok(hub.sendTo(one.client, "a", encodePayload("x".repeat(500))));
    assert.ok(hub.sendTo(one.client, "a", encodePayload("x".repeat(500))));
    assert.equal(hub.sendTo(one.client, "a", encodePayload("one too many")), false);
    assert.equal(hub.countsOf(one.client).dropped, 1);
  });

  it("gives up the least recently updated topic when there are too many", () => {
    hub.close();
    hub = hubWith({ maxTopics: 3 });
    for (const topic of ["a", "b", "a", "c", "d"]) publish(topic, topic);
    const { sink } = join();
    clock.advance(10);
    assert.deepEqual(sink.texts, ["a", "c", "d"]);
    assert.equal(hub.counts().topicsEvicted, 1);
  });

  it("leaves no timer behind", () => {
    const { client } = join({ every: 1000 });
    publish("a", "1");
    clock.advance(10);
    publish("a", "2");
    clock.advance(10);
    hub.leave(client);
    hub.close();
    assert.equal(clock.pending, 0);
  });
});
