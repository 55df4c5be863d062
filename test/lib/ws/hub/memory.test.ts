import assert from "node:assert/strict";
import type { HubClient } from "../../../../nodes/lib/ws/hub/hub-client";
import type { Subscription } from "../../../../nodes/lib/ws/hub/subscription";
import { FakeClock } from "../../../support/fake-clock";
import { FakeFrameSink } from "../../../support/fake-frame-sink";
import { reachableBytes } from "../../../support/heap";
import { SUBSCRIPTION, TestHub } from "../../../support/test-hub";

const KIB = 1024;
const MIB = 1024 * KIB;

/** Takes everything and keeps nothing. */
class NullSink extends FakeFrameSink {
  override write(): boolean {
    this.writes++;
    return true;
  }
}

describe("memory of the hub", () => {
  let clock: FakeClock;
  let hub: TestHub;

  beforeEach(() => {
    clock = new FakeClock();
    hub = new TestHub({ clock, logBytes: MIB });
  });

  afterEach(() => hub.close());

  function join(subscription: Partial<Subscription>): HubClient {
    return hub.hub.join(new NullSink(), { ...SUBSCRIPTION, ...subscription });
  }

  /** What so many filter sets that match everything add, while a flood of invented topics passes. */
  function bytesOfFilterSets(sets: number): { during: number; after: number } {
    const before = reachableBytes();
    const clients = Array.from({ length: sets }, (_, i) => join({ filters: ["#", `x${i}`] }));
    for (let i = 0; i < 12_000; i++) {
      hub.publish(`invented/${i}`, i);
      if (i % 1000 === 0) clock.advance(20);
    }
    clock.advance(100);
    const during = reachableBytes() - before;
    for (const client of clients) hub.leave(client);
    return { during, after: reachableBytes() - before };
  }

  it("grows with topics and with filter sets, not with their product", function () {
    this.timeout(20_000);
    // The topics themselves, that of the log, and code that is compiled.
    const { after: base } = bytesOfFilterSets(1);
    const { during, after } = bytesOfFilterSets(200);
    assert.ok(base < 32 * MIB, `${base} bytes for 12 000 topics`);
    // What is remembered of matches takes up to 8 MB; a set for each topic and filter set would take hundreds.
    assert.ok(during < 16 * MIB, `200 filter sets added ${during} bytes`);
    assert.ok(after < 4 * MIB, `200 filter sets left ${after} bytes behind`);
  });

  it("is at most 40 KB for a client with a rate of its own, at 10 000 topics", () => {
    // The log and the topics have what they need.
    join({ every: 1000 });
    for (let i = 0; i < 50_000; i++) hub.publish(`t/${i % 10_000}`, i);
    for (let i = 0; i < 20; i++) clock.advance(100);
    const before = reachableBytes();
    const clients = Array.from({ length: 50 }, () => join({ every: 1000 }));
    clock.advance(500);
    for (let i = 0; i < 10_000; i++) hub.publish(`t/${i}`, i);
    clock.advance(500);
    const each = (reachableBytes() - before) / clients.length;
    assert.ok(each <= 40 * KIB, `${each} bytes for each client`);
  });
});
