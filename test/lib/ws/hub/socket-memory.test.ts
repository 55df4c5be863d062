import assert from "node:assert/strict";
import type { HubClient } from "../../../../nodes/lib/ws/hub/hub-client";
import { FakeClock } from "../../../support/fake-clock";
import { TestHub } from "../../../support/test-hub";

const KIB = 1024;
const READING_BYTES = 256 * KIB;

describe("memory that stalled sockets hold", () => {
  let clock: FakeClock;
  let hub: TestHub;
  let cutOff: HubClient[];
  let clients: ReturnType<TestHub["join"]>[];

  beforeEach(() => {
    clock = new FakeClock();
    cutOff = [];
    clients = [];
    hub = new TestHub({
      clock,
      logBytes: 1024 * KIB,
      maxSocketBytes: 1024 * KIB,
      onStalled: (client) => {
        hub.leave(client);
        cutOff.push(client);
      },
    });
  });

  afterEach(() => hub.close());

  /** Of all that wait, those that wait for the same frames once; of those that were not cut off. */
  function heldBytes(): number {
    const held = new Set<Buffer>();
    for (const { sink, client } of clients)
      if (!cutOff.includes(client)) for (const frames of sink.held) held.add(frames);
    return [...held].reduce((bytes, frames) => bytes + frames.length, 0);
  }

  function joinStalled(filter = "#"): (typeof clients)[number] {
    const joined = hub.join({ filters: [filter], replay: false });
    joined.sink.isStalled = true;
    clients.push(joined);
    return joined;
  }

  it("is bounded: who has been stalled for longest is cut off", () => {
    for (let i = 0; i < 20; i++) {
      joinStalled(`t/${i}`);
      clock.advance(10);
      hub.publish(`t/${i}`, "x".repeat(READING_BYTES));
      clock.advance(20);
      assert.ok(heldBytes() <= 1024 * KIB, `${heldBytes()} bytes are held`);
    }
    assert.deepEqual(
      cutOff,
      clients.slice(0, 17).map(({ client }) => client),
    );
    assert.equal(hub.counts().clients, 3);
  });

  it("counts once what many wait for", () => {
    for (let i = 0; i < 100; i++) joinStalled();
    hub.publish("t", "x".repeat(READING_BYTES));
    clock.advance(10);
    assert.equal(heldBytes(), READING_BYTES + 10);
    assert.deepEqual(cutOff, []);
  });

  it("counts what each socket copies", () => {
    for (let i = 0; i < 5; i++) joinStalled().sink.copies = true;
    hub.publish("t", "x".repeat(READING_BYTES));
    clock.advance(10);
    assert.deepEqual(cutOff.length, 2);
  });

  it("is free again once sockets have taken what they were given, or are gone", () => {
    for (let round = 0; round < 10; round++) {
      const [one, two] = [joinStalled(`t/${round}`), joinStalled(`t/${round}`)];
      clock.advance(10);
      hub.publish(`t/${round}`, "x".repeat(READING_BYTES));
      clock.advance(10);
      one.sink.isStalled = false;
      one.sink.drain();
      hub.leave(two.client);
      hub.hub.closed(two.client);
    }
    assert.deepEqual(cutOff, []);
  });

  it("makes smaller writes when it becomes scarce, so that many small readings cut nobody off", () => {
    for (let i = 0; i < 100; i++) {
      joinStalled(`t/${i}`);
      clock.advance(10);
      for (let n = 0; n < 500; n++) hub.publish(`t/${i}`, "x".repeat(100));
      clock.advance(10);
      if (i >= 50) assert.ok((clients[i]?.sink.held[0]?.length ?? 0) < 5 * KIB);
    }
    assert.deepEqual(cutOff, []);
    assert.ok(heldBytes() <= 1024 * KIB);
  });
});
