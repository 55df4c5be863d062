import assert from "node:assert/strict";
import type { HubClient } from "../../../../nodes/lib/ws/hub/hub-client";
import type { HubOptions } from "../../../../nodes/lib/ws/hub/hub-options";
import { SubscriptionGroup } from "../../../../nodes/lib/ws/hub/subscription-group";
import { FakeClock } from "../../../support/fake-clock";
import type { FakeFrameSink } from "../../../support/fake-frame-sink";
import { TestHub } from "../../../support/test-hub";

const TOPICS = 5000;
/** As long as matching one topic takes on a slow machine. */
const MATCH_MS = 0.001;

/** What it costs to serve clients, in matches of one topic with one group. */
describe("costs of the hub", () => {
  const { matches } = SubscriptionGroup.prototype;
  let clock: FakeClock;
  let hub: TestHub;
  let matched: number;

  beforeEach(() => {
    clock = new FakeClock();
    hub = hubWith({});
    matched = 0;
    SubscriptionGroup.prototype.matches = function (topic) {
      matched++;
      clock.elapse(MATCH_MS);
      return matches.call(this, topic);
    };
  });

  afterEach(() => {
    SubscriptionGroup.prototype.matches = matches;
    hub.close();
  });

  function hubWith(options: Partial<HubOptions>): TestHub {
    hub?.close();
    return new TestHub({ clock, logBytes: 8 * 1024 * 1024, ...options });
  }

  function publishAll(topics = TOPICS): void {
    for (let i = 0; i < topics; i++) hub.publish(`t/${i}`, i);
  }

  function matchesOf(work: () => void): number {
    const before = matched;
    work();
    return matched - before;
  }

  /** A client that wants only what nobody else wants, and everything. */
  function joinDistinct(i: number): { sink: FakeFrameSink; client: HubClient } {
    return hub.join({ filters: ["#", `only/${i}`] });
  }

  it("joining and leaving match no topic: replay asks the group of the newcomer alone, once a topic", () => {
    publishAll();
    const residents = Array.from({ length: 50 }, (_, i) => hub.join({ filters: [`t/${i}/#`], replay: false }));
    clock.advance(1000);
    assert.equal(
      matchesOf(() => {
        const { client } = hub.join({ filters: ["a"], granted: ["#"], replay: false });
        hub.leave(client);
        for (const { client } of residents) hub.leave(client);
      }),
      0,
    );
    hub.join({ filters: ["t/7", "none"] });
    const work = matchesOf(() => clock.advance(1000));
    assert.ok(work <= TOPICS, `${work} matches for a replay of ${TOPICS} topics`);
  });

  it("does not keep a resident waiting for newcomers that look through all topics", () => {
    publishAll();
    const { sink } = hub.join({ filters: ["live"], replay: false });
    clock.advance(1000);
    const newcomers = Array.from({ length: 200 }, (_, i) => joinDistinct(i));
    clock.advance(0);
    const start = clock.now();
    let latest = 0;
    // All of their work takes a second.
    for (let i = 0; i < 100; i++) {
      const publishedAt = clock.now();
      hub.publish("live", i);
      const received = sink.texts.length;
      while (sink.texts.length === received) clock.runNext();
      latest = Math.max(latest, clock.now() - publishedAt);
    }
    assert.ok(clock.now() - start < 2000 && latest < 8, `a reading took ${latest} ms`);
    clock.advance(5000);
    for (const { sink } of newcomers) assert.equal(sink.texts.length, TOPICS + 100);
  });

  it("looks through all topics in slices", () => {
    publishAll();
    for (let i = 0; i < 50; i++) joinDistinct(i);
    for (let i = 0; i < 50; i++) hub.join({ filters: ["t/#", `only/${i}`], mode: "latest" });
    let longest = 0;
    while (clock.pending > 0) {
      const dueAt = clock.nextAt ?? 0;
      const start = Math.max(clock.now(), dueAt);
      clock.runNext();
      longest = Math.max(longest, clock.now() - start);
    }
    // A slice, and what its last step takes: all topics once, for a latest client.
    assert.ok(longest < 4 + TOPICS * MATCH_MS + 1, `the event loop was blocked for ${longest} ms`);
  });

  it("looks only at what was published since for a client with a rate of its own, not at all topics", () => {
    publishAll();
    const { sink } = hub.join({ every: 50, filters: ["t/#"] });
    clock.advance(2000);
    assert.equal(sink.texts.length, TOPICS);
    const work = matchesOf(() => {
      for (let i = 0; i < 100; i++) {
        hub.publish(`t/${i % 3}`, i);
        clock.advance(20);
      }
    });
    assert.ok(work <= 100, `${work} matches for 100 readings`);
  });

  it("numbers the log once for all clients that resume with the same filters, in slices", () => {
    for (let i = 0; i < 40_000; i++) hub.publish(`t/${i % 100}`, i);
    clock.advance(10);
    const work = matchesOf(() => {
      for (let i = 0; i < 100; i++) {
        hub.join({ filters: ["t/1"], since: { epoch: hub.epoch, seq: 10 } });
        assert.equal(clock.pending, 1);
      }
      const { sink } = hub.join({ filters: ["t/1"], since: { epoch: hub.epoch, seq: 20_000 } });
      clock.advance(5000);
      assert.equal(sink.texts.length, 200);
    });
    // Once for all, and the end of the log again and again, while it is being written.
    assert.ok(work < 2 * 40_000 + 101 * 4096, `${work} matches for 40 000 readings`);
  });

  it("resumes at no cost for who gets everything", () => {
    for (let i = 0; i < 40_000; i++) hub.publish("t", i);
    clock.advance(10);
    const clients = Array.from({ length: 20 }, () => hub.join({ since: { epoch: hub.epoch, seq: 39_000 } }));
    const work = matchesOf(() => clock.advance(100));
    for (const { sink } of clients) assert.equal(sink.texts.length, 1000);
    assert.ok(work <= 1000, `${work} matches for one walk through 1000 readings`);
  });

  it("gives who wants to resume the newest readings instead when the log moves on faster than it is numbered", () => {
    hub = hubWith({ logBytes: 128 * 1024 });
    const fill = () => {
      for (let i = 0; i < 6000; i++) hub.publish(`t/${i % 10}`, i);
    };
    fill();
    clock.advance(10);
    const from = hub.counts().published - 3000;
    const { sink, client } = hub.join({
      filters: ["t/1", "x"],
      since: { epoch: hub.epoch, seq: from },
      envelope: true,
    });
    fill();
    clock.advance(1000);
    const texts = sink.texts.map((text) => JSON.parse(text) as { missed?: boolean; payload?: number });
    assert.deepEqual(texts[0], { missed: true });
    assert.equal(texts.at(-1)?.payload, 5991);
    const { offered, delivered, conflated, dropped, pending } = hub.countsOf(client);
    assert.deepEqual([offered, pending], [delivered + conflated + dropped, 0]);
  });
});
