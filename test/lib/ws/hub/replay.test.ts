import assert from "node:assert/strict";
import type { HubClient } from "../../../../nodes/lib/ws/hub/hub-client";
import type { HubOptions } from "../../../../nodes/lib/ws/hub/hub-options";
import { FakeClock } from "../../../support/fake-clock";
import { TestHub } from "../../../support/test-hub";

describe("replay of the hub", () => {
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

  it("replays the newest reading of each topic to a new client, oldest first", () => {
    for (const [topic, value] of [
      ["a", "1"],
      ["b", "2"],
      ["a", "3"],
      ["c", "4"],
    ] as const)
      hub.publish(topic, value);
    const all = hub.join();
    const some = hub.join({ filters: ["b"] });
    const none = hub.join({ replay: false });
    clock.advance(10);
    assert.deepEqual(all.sink.texts, ["2", "3", "4"]);
    assert.deepEqual(some.sink.texts, ["2"]);
    assert.deepEqual(none.sink.texts, []);
    assert.ok(hub.forget("b"));
    const late = hub.join();
    clock.advance(10);
    assert.deepEqual(late.sink.texts, ["3", "4"]);
  });

  it("replays a topic whose newest reading left the log long ago", () => {
    hub.publish("rare", "kept");
    for (let i = 0; i < 5000; i++) hub.publish("busy", `reading ${i} ${"x".repeat(50)}`);
    const { sink } = hub.join();
    clock.advance(10);
    assert.deepEqual(sink.texts, ["kept", `reading 4999 ${"x".repeat(50)}`]);
  });

  it("does not disconnect a client for a replay larger than what it takes at once", () => {
    hub.close();
    const tooSlow: HubClient[] = [];
    hub = hubWith({ slow: "disconnect", logBytes: 128 * 1024, onTooSlow: (client) => tooSlow.push(client) });
    for (let i = 0; i < 200; i++) hub.publish(`t/${i}`, "x".repeat(1000));
    const { sink } = hub.join();
    sink.isStalled = true;
    clock.advance(0);
    for (let i = 0; i < 500; i++) hub.publish(`t/${i % 10}`, "y".repeat(1000));
    clock.advance(10);
    sink.isStalled = false;
    sink.drain();
    clock.advance(100);
    assert.deepEqual(tooSlow, []);
    assert.ok(sink.texts.length > 200);
  });

  it("resumes after a reading without gap or duplicate", () => {
    for (let i = 1; i <= 10; i++) hub.publish(i % 2 ? "odd" : "even", String(i));
    const since = (seq: number) => ({ since: { epoch: hub.epoch, seq } });
    const all = hub.join(since(4));
    const odd = hub.join({ ...since(4), filters: ["odd"] });
    hub.publish("odd", "11");
    clock.advance(10);
    assert.deepEqual(all.sink.texts, ["5", "6", "7", "8", "9", "10", "11"]);
    assert.deepEqual(odd.sink.texts, ["5", "7", "9", "11"]);
    const upToDate = hub.join(since(11));
    clock.advance(10);
    assert.deepEqual(upToDate.sink.texts, []);
  });

  it("says so when it cannot resume, and replays", () => {
    hub.publish("a", "1");
    hub.publish("a", "2");
    for (const since of [
      { epoch: "other", seq: 1 },
      { epoch: hub.epoch, seq: 99 },
    ]) {
      const { sink } = hub.join({ since, envelope: true, replay: false });
      clock.advance(10);
      const [missed, newest, ...rest] = sink.texts.map((text) => JSON.parse(text));
      assert.deepEqual(missed, { missed: true });
      assert.equal(newest.payload, "2");
      assert.deepEqual(rest, []);
    }
  });
});
