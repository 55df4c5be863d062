import assert from "node:assert/strict";
import { markPing } from "../../../../nodes/lib/ws/hub/feeds/freshness-window";
import type { HubOptions } from "../../../../nodes/lib/ws/hub/hub-options";
import type { Subscription } from "../../../../nodes/lib/ws/hub/subscription";
import { FakeClock } from "../../../support/fake-clock";
import type { FakeFrameSink } from "../../../support/fake-frame-sink";
import { TestHub } from "../../../support/test-hub";

const LARGE = "x".repeat(200_000);
const GROUPS = 20;

describe("large readings", () => {
  let clock: FakeClock;
  let hub: TestHub;

  beforeEach(() => {
    clock = new FakeClock();
    hub = hubWith({});
  });

  afterEach(() => hub.close());

  function hubWith(options: Partial<HubOptions>): TestHub {
    return new TestHub({ clock, logBytes: 4 * 1024 * 1024, ...options });
  }

  /** Clients each with filters of their own, that take nothing yet. */
  function joinGroups(subscription: Partial<Subscription>): FakeFrameSink[] {
    const sinks = Array.from({ length: GROUPS }, (_, i) => {
      const { sink } = hub.join({ replay: false, filters: ["#", `own/${i}`], ...subscription });
      sink.isStalled = true;
      return sink;
    });
    clock.advance(10);
    return sinks;
  }

  for (const [kind, subscription] of [
    ["bare", {}],
    ["enveloped", { envelope: true }],
    ["once a second", { every: 1000 }],
    ["in latest mode", { mode: "latest" }],
    ["as replay", { replay: true }],
  ] as const) {
    it(`are framed once for all, whatever else those get: ${kind}`, () => {
      const isReplay = kind === "as replay";
      if (isReplay) for (const payload of ["small", LARGE]) hub.publish(payload.slice(0, 1), payload);
      const sinks = joinGroups(subscription);
      if (!isReplay) hub.publish("t", LARGE);
      clock.advance(100);
      for (const sink of sinks) sink.drain();
      clock.advance(100);
      const large = sinks.map(({ written }) => written.find(({ length }) => length > LARGE.length));
      assert.notEqual(large[0], undefined);
      assert.equal(new Set(large).size, 1);
    });
  }

  for (const [kind, subscription, options] of [
    ["as they come", { replay: false }, {}],
    ["as envelopes", { replay: false, envelope: true }, {}],
    ["to a client with filters", { replay: false, filters: ["t/#"] }, {}],
    ["as replay", {}, {}],
    ["as history", { history: { readings: 9 } }, { history: { readings: 9, seconds: 0, bytes: 4 * 1024 * 1024 } }],
  ] as const) {
    it(`are sent in order between small ones: ${kind}`, () => {
      hub.close();
      hub = hubWith(options);
      const isLive = "replay" in subscription;
      const early = isLive ? hub.join(subscription).sink : undefined;
      const payloads = ["a", "b", LARGE, "c", LARGE.replace("x", "y"), LARGE.replace("x", "z"), "d"];
      for (const [i, payload] of payloads.entries()) hub.publish(`t/${i}`, payload);
      const sink = early ?? hub.join(subscription).sink;
      clock.advance(500);
      const texts = "envelope" in subscription ? sink.texts.map((text) => JSON.parse(text).payload) : sink.texts;
      assert.deepEqual(
        texts.map((text) => text.slice(0, 3)),
        payloads.map((text) => text.slice(0, 3)),
      );
    });
  }

  it("carry a mark to latest clients, like small ones", () => {
    const { sink } = hub.join({ mode: "latest", replay: false });
    hub.publish("t", LARGE);
    clock.advance(100);
    assert.equal(sink.texts.length, 1);
    assert.deepEqual(sink.frames.at(-1)?.payload, markPing(1).subarray(2));
  });

  it("are let go of when they were sent", () => {
    const [sink] = joinGroups({}) as [FakeFrameSink];
    hub.publish("t", LARGE);
    clock.advance(100);
    const [first] = sink.written;
    sink.drain();
    hub.publish("t", LARGE);
    clock.advance(100);
    assert.notEqual(sink.written.at(-1), first);
  });
});
