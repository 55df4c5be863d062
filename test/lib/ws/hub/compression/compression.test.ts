import assert from "node:assert/strict";
import type { HubClient } from "../../../../../nodes/lib/ws/hub/hub-client";
import { FakeClock } from "../../../../support/fake-clock";
import type { FakeFrameSink } from "../../../../support/fake-frame-sink";
import { sensorReading } from "../../../../support/sensor-readings";
import { TestHub } from "../../../../support/test-hub";

const COMPRESSED = true;

describe("compressed streams", () => {
  let clock: FakeClock;
  let hub: TestHub;
  let published = 0;

  beforeEach(() => {
    clock = new FakeClock();
    published = 0;
    hub = new TestHub({ clock, logBytes: 1024 * 1024 });
  });

  afterEach(() => hub.close());

  /** One at a time, each of which goes out by itself. */
  function publish(count: number): void {
    for (let i = 0; i < count; i++) {
      hub.publish("t", sensorReading(published++));
      clock.advance(10);
    }
  }

  function join(subscription: Parameters<TestHub["join"]>[0] = {}): { sink: FakeFrameSink; client: HubClient } {
    return hub.join({ replay: false, ...subscription }, COMPRESSED);
  }

  function compressedOf({ frames }: FakeFrameSink): number {
    return frames.filter(({ isCompressed }) => isCompressed).length;
  }

  it("take a quarter of the bytes at most, with one reading in a frame", () => {
    const plain = hub.join({ replay: false });
    const { sink, client } = join();
    publish(2000);
    assert.deepEqual(sink.texts, plain.sink.texts);
    assert.equal(compressedOf(sink), 2000);
    assert.ok(sink.bytes < plain.sink.bytes / 4, `${sink.bytes} of ${plain.sink.bytes} bytes`);
    assert.deepEqual(hub.countsOf(client), hub.countsOf(plain.client));
  });

  it("are the same bytes for all clients of a group", () => {
    const sinks = [join(), join(), join()].map(({ sink }) => sink);
    for (const sink of sinks) sink.isStalled = true;
    publish(1);
    const [first, ...others] = sinks.map(({ held }) => held[0]);
    for (const other of others) assert.equal(other, first);
  });

  it("take in who joins at the next entry point, and give it frames as they are until then", () => {
    const early = join();
    publish(10);
    const late = join();
    publish(300);
    assert.deepEqual(late.sink.texts, early.sink.texts.slice(10));
    assert.equal(compressedOf(early.sink), 310);
    const plain = late.sink.frames.findIndex(({ isCompressed }) => isCompressed);
    assert.ok(plain > 50 && plain < 250, `after ${plain}`);
    assert.equal(compressedOf(late.sink), 300 - plain);
  });

  it("go on for the others while one stalls, which comes back in at an entry point", () => {
    const steady = join();
    const stalling = join();
    publish(50);
    stalling.sink.isStalled = true;
    publish(50);
    stalling.sink.isStalled = false;
    stalling.sink.drain();
    publish(400);
    assert.deepEqual(stalling.sink.texts, steady.sink.texts);
    assert.equal(compressedOf(steady.sink), 500);
    assert.ok(compressedOf(stalling.sink) > 250);
  });

  it("leave out what is replayed, for one client alone, or said about what was missed", () => {
    hub.publish("old", "old");
    const { sink, client } = hub.join({ since: { epoch: "another", seq: 1 }, envelope: true }, COMPRESSED);
    publish(5);
    hub.hub.sendTo(client, { topic: "mine", payload: { kind: "json", body: "7" } });
    publish(5);
    const kinds = sink.frames.map(({ isCompressed = false }) => isCompressed);
    assert.equal(kinds.filter((isCompressed) => !isCompressed).length, 3);
    assert.deepEqual(kinds.slice(-6), [false, true, true, true, true, true]);
    assert.equal(sink.texts.length, 13);
  });

  it("count what is on its way to who wants fresh readings as it is written", () => {
    const { sink, client } = join({ mode: "latest" });
    for (let i = 0; i < 40; i++) {
      publish(10);
      hub.pong(client, sink.pings.at(-1) ?? assert.fail("there is no mark"));
    }
    assert.equal(sink.texts.length, 400);
    assert.equal(compressedOf(sink), 400);
    assert.deepEqual(hub.countsOf(client), { offered: 400, delivered: 400, conflated: 0, dropped: 0, pending: 0 });
  });

  it("leave empty and very large readings as they are", () => {
    const { sink } = join();
    publish(3);
    hub.publish("t", "");
    clock.advance(10);
    const large = "x".repeat(200_000);
    hub.publish("t", large);
    clock.advance(100);
    publish(3);
    assert.deepEqual(
      sink.frames.map(({ isCompressed = false }) => isCompressed),
      [true, true, true, false, false, true, true, true],
    );
    assert.deepEqual(sink.texts.slice(3, 5), ["", large]);
  });

  it("are kept apart for grants, and bounded in number", () => {
    const joined = Array.from({ length: 80 }, (_, i) => hub.join({ granted: ["t", `u/${i}`] }, COMPRESSED));
    publish(3);
    for (const { sink } of joined) assert.equal(sink.texts.length, 3);
    assert.equal(joined.filter(({ sink }) => compressedOf(sink) === 3).length, 64);
    assert.equal(joined.filter(({ sink }) => compressedOf(sink) === 0).length, 16);
    for (const { client } of joined) hub.leave(client);
    const { sink } = join({ granted: ["t"] });
    publish(1);
    assert.equal(compressedOf(sink), 1);
  });

  it("take no more than a share of the time", () => {
    const { sink } = join();
    const { sink: plain } = hub.join({ replay: false });
    for (let i = 0; i < 20; i++) {
      for (let j = 0; j < 10; j++) hub.publish("t", "x".repeat(60_000));
      clock.advance(40);
    }
    assert.deepEqual(sink.texts, plain.texts);
    const bytes = compressedOf(sink) * 60_000;
    assert.ok(bytes > 7_000_000 && bytes < 8.5 * 1024 * 1024, `${bytes} bytes`);
  });
});
