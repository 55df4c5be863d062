import assert from "node:assert/strict";
import type { HubOptions } from "../../../../nodes/lib/ws/hub/hub-options";
import { encodePayload, PayloadError } from "../../../../nodes/lib/ws/hub/payload";
import { FakeClock } from "../../../support/fake-clock";
import { TestHub } from "../../../support/test-hub";

describe("hub", () => {
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

  it("sends every reading to every client, in order", () => {
    const clients = [hub.join(), hub.join()];
    for (const value of ["1", "2", "3"]) hub.publish("a", value);
    clock.advance(1);
    for (const { sink } of clients) assert.deepEqual(sink.texts, ["1", "2", "3"]);
  });

  it("writes once per client and pass", () => {
    const { sink } = hub.join();
    clock.advance(10);
    for (let i = 0; i < 50; i++) hub.publish("a", i);
    clock.advance(10);
    assert.equal(sink.texts.length, 50);
    assert.equal(sink.writes, 1);
  });

  it("sends at once when idle", () => {
    const { sink } = hub.join();
    clock.advance(50);
    hub.publish("a", "now");
    clock.advance(0);
    assert.deepEqual(sink.texts, ["now"]);
  });

  it("frames text, JSON and binary payloads of every length", () => {
    hub = hubWith({ logBytes: 1024 * 1024 });
    const { sink } = hub.join();
    for (const length of [0, 1, 125, 126, 127, 128, 65535, 65536, 70000]) {
      hub.publish("a", "x".repeat(length));
      hub.publish("a", Buffer.alloc(length, 1));
      clock.advance(100);
      const [text, binary] = sink.frames.splice(0);
      assert.deepEqual([text?.opcode, text?.payload.length], [1, length]);
      assert.deepEqual([binary?.opcode, binary?.payload.length], [2, length]);
    }
  });

  it("refuses a reading that is larger than the log", () => {
    assert.throws(() => hub.publish("a", "x".repeat(64 * 1024)), PayloadError);
    assert.equal(hub.counts().published, 0);
  });

  it("wraps payloads in an envelope, by the publisher's choice or the client's", () => {
    const chosen = hub.join();
    const bare = hub.join({ envelope: false });
    const wrapped = hub.join({ envelope: true });
    hub.publish("a", { x: 1 }, true);
    hub.publish("b", "text");
    hub.publish("c", Buffer.from([1, 2, 3]));
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
    const { sink, client } = hub.join({ filters: ["plant/+/temp", "weather/#"] });
    for (const topic of [
      "plant/1/temp",
      "plant/1/humidity",
      "weather",
      "weather/wind/gusts",
      "$weather",
      "plant/temp",
    ]) {
      hub.publish(topic, topic);
    }
    clock.advance(10);
    assert.deepEqual(sink.texts, ["plant/1/temp", "weather", "weather/wind/gusts"]);
    assert.equal(hub.countsOf(client).offered, 3);
  });

  it("sends to one client alone", () => {
    const one = hub.join();
    const other = hub.join();
    const sendTo = (payload: unknown, options = {}) =>
      hub.hub.sendTo(one.client, { topic: "a", payload: encodePayload(payload) }, options);
    clock.advance(10);
    assert.ok(sendTo("psst"));
    assert.ok(sendTo({ x: 1 }, { envelope: true, time: 5 }));
    clock.advance(10);
    assert.deepEqual(one.sink.texts, ["psst", '{"topic":"a","payload":{"x":1},"time":5}']);
    assert.deepEqual(other.sink.texts, []);
    one.sink.isStalled = true;
    assert.ok(sendTo("x".repeat(65_000)));
    assert.ok(sendTo("x".repeat(500)));
    assert.ok(sendTo("x".repeat(500)));
    assert.equal(sendTo("one too many"), false);
    assert.equal(hub.countsOf(one.client).dropped, 1);
  });

  it("gives up the least recently updated topic when there are too many", () => {
    hub = hubWith({ maxTopics: 3 });
    for (const topic of ["a", "b", "a", "c", "d"]) hub.publish(topic, topic);
    const { sink } = hub.join();
    clock.advance(10);
    assert.deepEqual(sink.texts, ["a", "c", "d"]);
    assert.equal(hub.counts().topicsEvicted, 1);
  });

  it("leaves no timer behind", () => {
    const { client } = hub.join({ every: 1000 });
    hub.publish("a", "1");
    clock.advance(10);
    hub.publish("a", "2");
    clock.advance(10);
    hub.leave(client);
    hub.close();
    assert.equal(clock.pending, 0);
  });
});
