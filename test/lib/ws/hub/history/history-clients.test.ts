import { deepEqual, equal, ok } from "node:assert/strict";
import type { Subscription } from "../../../../../nodes/lib/ws/hub/subscription";
import { FakeClock } from "../../../../support/fake-clock";
import type { FakeFrameSink } from "../../../../support/fake-frame-sink";
import { TestHub } from "../../../../support/test-hub";

const HISTORY = { readings: 100, seconds: 0, bytes: 8 * 1024 * 1024 };

describe("clients that ask for a history", () => {
  let clock: FakeClock;
  let hub: TestHub;

  beforeEach(() => {
    clock = new FakeClock();
    hub = new TestHub({ clock, history: HISTORY, logBytes: 64 * 1024 });
  });

  afterEach(() => hub.close());

  function join(subscription: Partial<Subscription>): FakeFrameSink {
    const { sink } = hub.join(subscription);
    clock.advance(50);
    return sink;
  }

  function publish(topic: string, ...payloads: string[]): void {
    for (const payload of payloads) hub.publish(topic, payload);
  }

  it("get it in order, then what is published, without a gap or a reading twice", () => {
    publish("a", "a1", "a2");
    publish("b", "b1");
    publish("a", "a3");
    const sink = join({ history: { readings: 2 } });
    publish("a", "a4");
    clock.advance(50);
    deepEqual(sink.texts, ["a2", "b1", "a3", "a4"]);
  });

  it("get of each topic at least the newest reading, however long ago that was, unless replay is off", () => {
    publish("rare", "long ago");
    clock.advance(3_600_000);
    publish("a", "a1");
    clock.advance(30_000);
    publish("a", "a2");
    deepEqual(join({ history: { seconds: 60 } }).texts, ["long ago", "a1", "a2"]);
    deepEqual(join({ history: { seconds: 60 }, replay: false }).texts, ["a1", "a2"]);
    deepEqual(join({ history: { seconds: 1 } }).texts, ["long ago", "a2"]);
  });

  it("get the topics that they may read and asked for", () => {
    for (const topic of ["a/x", "a/y", "b/x"]) publish(topic, `${topic} 1`, `${topic} 2`);
    deepEqual(join({ history: { readings: 9 }, filters: ["+/x"], granted: ["a/#"] }).texts, ["a/x 1", "a/x 2"]);
  });

  it("go on by topic after it in latest mode and with every", () => {
    publish("a", "a1", "a2");
    const latest = join({ history: { readings: 9 }, mode: "latest" });
    const periodic = join({ history: { readings: 9 }, every: 1000 });
    publish("a", "a3");
    clock.advance(100);
    publish("a", "a4");
    clock.advance(100);
    deepEqual(latest.texts, ["a1", "a2", "a3", "a4"]);
    deepEqual(periodic.texts, ["a1", "a2", "a3"]);
    clock.advance(1100);
    deepEqual(periodic.texts, ["a1", "a2", "a3", "a4"]);
  });

  it("get instead what they missed, when they come back in time", () => {
    publish("a", "a1", "a2", "a3");
    deepEqual(join({ history: { readings: 9 }, since: { epoch: hub.epoch, seq: 2 } }).texts, ["a3"]);
  });

  it("get it, after they are told that they missed some, when they come back too late", () => {
    publish("a", "a1", "a2");
    const since = { epoch: "another", seq: 1 };
    const sink = join({ history: { readings: 9 }, since, envelope: true });
    deepEqual(
      sink.texts.map((text) => JSON.parse(text).payload ?? JSON.parse(text)),
      [{ missed: true }, "a1", "a2"],
    );
  });

  it("count what they are sent of it as offered", () => {
    publish("a", "a1", "a2", "a3");
    const { client } = hub.join({ history: { readings: 2 } });
    clock.advance(50);
    deepEqual(hub.countsOf(client), { offered: 2, delivered: 2, conflated: 0, dropped: 0, pending: 0 });
  });

  it("get only the newest reading of each topic from a hub that keeps none", () => {
    hub.close();
    hub = new TestHub({ clock });
    publish("a", "a1", "a2");
    deepEqual(join({ history: { readings: 9 } }).texts, ["a2"]);
  });

  it("share each piece of it, and get it a piece at a time", () => {
    for (let i = 0; i < 50; i++)
      for (let topic = 0; topic < 50; topic++) publish(`t${topic}`, `${i} ${"x".repeat(200)}`);
    const joined = Array.from({ length: 100 }, () => hub.join({ history: { readings: 50 } }));
    clock.advance(200);
    for (const { sink } of joined) equal(sink.texts.length, 2500);
    ok((joined[0]?.sink.writes ?? 0) >= 8, "in one piece");
  });

  it("do not get what was forgotten", () => {
    publish("a", "a1");
    publish("b", "b1");
    hub.forget("a");
    deepEqual(join({ history: { readings: 9 } }).texts, ["b1"]);
  });
});

describe("newest readings that are too old", () => {
  it("are not replayed after the time to expire, in any mode", () => {
    const clock = new FakeClock();
    const hub = new TestHub({ clock, expire: 60 });
    hub.publish("old", "old");
    clock.advance(50_000);
    hub.publish("new", "new");
    clock.advance(20_000);
    for (const subscription of [{}, { mode: "latest" }, { every: 100 }, { history: { readings: 5 } }] as const) {
      const { sink } = hub.join(subscription);
      clock.advance(50);
      deepEqual(sink.texts, ["new"]);
    }
    clock.advance(60_000);
    const { sink } = hub.join({ mode: "latest" });
    clock.advance(50);
    deepEqual(sink.texts, []);
    hub.publish("old", "again");
    clock.advance(50);
    deepEqual(sink.texts, ["again"]);
    clock.advance(70_000);
    const late = hub.join({ mode: "latest" });
    hub.publish("old", "meanwhile");
    clock.advance(50);
    deepEqual(late.sink.texts, ["meanwhile"]);
    hub.close();
  });
});
