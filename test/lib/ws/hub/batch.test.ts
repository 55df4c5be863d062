import assert from "node:assert/strict";
import fc from "fast-check";
import { FakeClock } from "../../../support/fake-clock";
import type { FakeFrameSink } from "../../../support/fake-frame-sink";
import { TestHub } from "../../../support/test-hub";

interface Published {
  readonly topic: string;
  readonly payload: string | number | Buffer | { text: string };
  readonly envelope: boolean;
}

const TEXT = 1;
const PING = 9;
const LARGE = "x".repeat(100_000);

const published: fc.Arbitrary<Published> = fc.record({
  topic: fc.constantFrom("a", "b", "c/d"),
  payload: fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.integer(),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.record({ text: fc.string({ unit: "binary" }) }),
    fc.constant(LARGE),
  ),
  envelope: fc.boolean(),
});

/** Of all batches, and the bytes between them. */
function items({ frames }: FakeFrameSink): unknown[] {
  return frames
    .filter(({ opcode }) => opcode !== PING)
    .flatMap(({ opcode, payload }) => (opcode === TEXT ? JSON.parse(payload.toString()) : [payload]));
}

/** That the items are what another client got one by one. */
function assertSame(items: readonly unknown[], { frames }: FakeFrameSink): void {
  const single = frames.filter(({ opcode }) => opcode !== PING);
  assert.equal(items.length, single.length);
  for (const [i, { opcode, payload }] of single.entries()) {
    const item = items[i];
    if (opcode !== TEXT) assert.deepEqual(payload, item);
    else if (typeof item === "string") assert.equal(payload.toString(), item);
    else assert.deepEqual(JSON.parse(payload.toString()), item);
  }
}

describe("batches", () => {
  let clock: FakeClock;
  let hub: TestHub;

  beforeEach(() => {
    clock = new FakeClock();
    hub = hubWith();
  });

  afterEach(() => hub.close());

  function hubWith(): TestHub {
    return new TestHub({
      clock,
      logBytes: 4 * 1024 * 1024,
      history: { readings: 100, seconds: 0, bytes: 4 * 1024 * 1024 },
    });
  }

  function publish({ topic, payload, envelope }: Published): void {
    hub.publish(topic, payload, envelope);
  }

  for (const [kind, subscription] of [
    ["readings", {}],
    ["envelopes", { envelope: true }],
    ["payloads", { envelope: false }],
    ["readings of some topics", { filters: ["a", "c/#"] }],
    ["the newest readings", { mode: "latest", envelope: true }],
    ["readings at a limited rate", { every: 50, envelope: true }],
    ["a history", { history: { readings: 50 } }],
  ] as const) {
    it(`hold ${kind} as other clients get them one by one, also those from before`, function () {
      this.timeout(20_000);
      fc.assert(
        fc.property(fc.array(published, { maxLength: 12 }), fc.array(published, { maxLength: 12 }), (before, after) => {
          hub.close();
          hub = hubWith();
          for (const each of before) publish(each);
          const single = hub.join(subscription);
          const batched = hub.join({ ...subscription, batch: true });
          clock.advance(100);
          for (const each of after) publish(each);
          clock.advance(1000);
          assertSame(items(batched.sink), single.sink);
          assert.deepEqual(hub.countsOf(batched.client), hub.countsOf(single.client));
        }),
        { numRuns: 60 },
      );
    });
  }

  it("are one frame for what goes out together, up to a limit", () => {
    const { sink } = hub.join({ batch: true, replay: false });
    clock.advance(10);
    for (let i = 0; i < 500; i++) hub.publish("t", i);
    clock.advance(10);
    assert.deepEqual(sink.texts, [JSON.stringify(Array.from({ length: 500 }, (_, i) => i))]);
    for (let i = 0; i < 300; i++) hub.publish("t", "x".repeat(1000));
    clock.advance(100);
    const lengths = sink.texts.slice(1).map(({ length }) => length);
    assert.ok(Math.max(...lengths) < 70_000 && lengths.length < 10, `of ${lengths} characters`);
    assert.equal(items(sink).length, 800);
  });

  it("say what was missed, and what is for one client alone", () => {
    hub.publish("t", 1, true);
    const { sink, client } = hub.join({ batch: true, since: { epoch: "another", seq: 5 }, envelope: true });
    clock.advance(10);
    hub.hub.sendTo(client, { topic: "mine", payload: { kind: "json", body: "7" } }, { time: 1 });
    assert.deepEqual(items(sink), [
      { missed: true },
      { topic: "t", payload: 1, time: 1, seq: `${hub.epoch}.1` },
      { topic: "mine", payload: 7, time: 1 },
    ]);
  });

  it("go on after a reading", () => {
    for (let i = 1; i <= 5; i++) hub.publish("t", i);
    const { sink } = hub.join({ batch: true, since: { epoch: hub.epoch, seq: 2 } });
    clock.advance(10);
    assert.deepEqual(sink.texts, ["[3,4,5]"]);
  });
});
