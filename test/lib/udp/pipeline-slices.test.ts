import assert from "node:assert/strict";
import fc from "fast-check";
import { defaultsOf } from "../../../nodes/lib/config/fields";
import { TurnBudget } from "../../../nodes/lib/time/turn-budget";
import { CONFLATION_MODES } from "../../../nodes/lib/udp/conflation/conflation-mode";
import { DatagramPipeline, type PipelineConfig } from "../../../nodes/lib/udp/datagram-pipeline";
import { fields } from "../../../nodes/udp-sensor-in.config";
import { FakeClock } from "../../support/fake-clock";

const SENDER = { address: "192.0.2.7", port: 4711 };
const STRANGER = { address: "198.51.100.7", port: 4711 };

function rejectionsIn(byReason: Readonly<Record<string, number>>): number {
  return Object.values(byReason).reduce((sum, count) => sum + count, 0);
}

describe("a datagram pipeline under load", () => {
  let clock: FakeClock;
  let budget: TurnBudget;
  let handedOn: unknown[];
  let rejected: number;
  /** What a reading costs whoever gets it. */
  let costMs: number;

  beforeEach(() => {
    clock = new FakeClock();
    budget = new TurnBudget({ clock, turnMs: 4 });
    handedOn = [];
    rejected = 0;
    costMs = 0;
  });

  function pipelineWith(changes: Partial<PipelineConfig> = {}): DatagramPipeline {
    const port = {
      reading({ payload }: { payload: unknown }) {
        clock.elapse(costMs);
        handedOn.push(payload);
      },
      rejected: () => void rejected++,
      failed: (error: unknown) => assert.fail(String(error)),
    };
    return new DatagramPipeline({ ...defaultsOf(fields), ...changes }, port, { clock, budget });
  }

  /** How long the longest turn of the event loop took until nothing is left to do. */
  function longestTurnMs(): number {
    let longest = 0;
    while (clock.pending > 0) {
      const start = clock.now();
      clock.runNext();
      longest = Math.max(longest, clock.now() - start);
    }
    return longest;
  }

  it("never blocks the event loop for much longer than one datagram takes, and keeps the order", () => {
    const pipeline = pipelineWith();
    costMs = 10;
    const start = clock.now();
    for (let n = 0; n < 32; n++) pipeline.datagram(Buffer.from(String(n)), SENDER);
    assert.equal(clock.now() - start, 10);
    assert.equal(pipeline.counts().pending, 31);
    assert.equal(longestTurnMs(), 10);
    assert.deepEqual(
      handedOn,
      Array.from({ length: 32 }, (_, n) => n),
    );
  });

  it("hands on many readings of one datagram in slices", () => {
    const pipeline = pipelineWith({ maxReadings: 4096 });
    costMs = 0.1;
    const readings = Array.from({ length: 4096 }, (_, n) => n);
    pipeline.datagram(Buffer.from(JSON.stringify(readings)), SENDER);
    assert.ok(clock.now() < 8, `${clock.now()} ms`);
    assert.deepEqual([pipeline.counts().emitted, pipeline.counts().pending], [0, 1]);
    assert.ok(longestTurnMs() < 8);
    assert.deepEqual(handedOn, readings);
    assert.deepEqual([pipeline.counts().emitted, pipeline.counts().pending], [1, 0]);
  });

  it("shares the time of a turn with all other pipelines", () => {
    const pipelines = Array.from({ length: 10 }, () => pipelineWith());
    costMs = 3;
    for (let n = 0; n < 3; n++) for (const pipeline of pipelines) pipeline.datagram(Buffer.from("1"), SENDER);
    assert.equal(clock.now(), 6);
    assert.ok(longestTurnMs() <= 6);
    assert.equal(handedOn.length, 30);
  });

  it("gives every message the time of the arrival, however long it waited", () => {
    const times: number[] = [];
    const port = {
      reading({ time }: { time: number }) {
        clock.elapse(100);
        times.push(time);
      },
      rejected: () => assert.fail(),
      failed: () => assert.fail(),
    };
    const pipeline = new DatagramPipeline({ ...defaultsOf(fields) }, port, { clock, budget });
    pipeline.datagram(Buffer.from("1"), SENDER);
    const arrived = clock.wallTime();
    pipeline.datagram(Buffer.from("2"), SENDER);
    pipeline.datagram(Buffer.from("3"), SENDER);
    longestTurnMs();
    assert.deepEqual(times.slice(1), [arrived, arrived]);
  });

  it("rejects what comes faster than it can be decoded once too much waits", () => {
    const pipeline = pipelineWith({ format: "buffer" });
    costMs = 5;
    for (let n = 0; n < 200; n++) pipeline.datagram(Buffer.alloc(65_507), SENDER);
    const { received, emitted, pending, rejected: byReason } = pipeline.counts();
    assert.deepEqual(
      { received, emitted, pending, overload: byReason.overload },
      {
        received: 200,
        emitted: 1,
        pending: 128,
        overload: 71,
      },
    );
    longestTurnMs();
    assert.equal(handedOn.length, 129);
  });

  it("accounts for every datagram at any moment", () => {
    const bytes = fc.oneof(
      fc.json().map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array)),
      fc.constant(Buffer.from("[".repeat(40))),
      fc.constant(Buffer.from(`[${"1,".repeat(100)}1]`)),
    );
    const moves = fc.array(
      fc.oneof(
        { weight: 6, arbitrary: bytes },
        { weight: 2, arbitrary: fc.constant("turn") },
        { weight: 1, arbitrary: fc.constant("redeploy") },
      ),
      { maxLength: 40 },
    );
    const configs = fc.record({
      format: fc.constantFrom("auto" as const, "json" as const, "text" as const),
      maxReadings: fc.constantFrom(1, 50, 4096),
      maxRate: fc.constantFrom(0, 10),
      every: fc.constantFrom(0, 20),
      conflate: fc.constantFrom(...CONFLATION_MODES),
    });
    fc.assert(
      fc.property(moves, configs, fc.constantFrom(0, 1, 5), (list, config, cost) => {
        rejected = 0;
        costMs = cost;
        const create = () => pipelineWith({ ...config, maxBytes: 250, allow: ["192.0.2.0/24"] });
        let pipeline = create();
        let sent = 0;
        /** What came of those that pipelines before this one received and kept. */
        let settledBefore = 0;
        let rejectedBefore = 0;
        for (const [index, move] of list.entries()) {
          if (typeof move !== "string") {
            sent++;
            pipeline.datagram(move, index % 7 === 3 ? STRANGER : SENDER);
          } else if (move === "redeploy") {
            const waiting = pipeline.stop();
            const { received, emitted, conflated, pending, rejected: byReason } = pipeline.counts();
            assert.equal(pending, 0);
            rejectedBefore += rejectionsIn(byReason);
            assert.equal(received, emitted + conflated + rejectionsIn(byReason));
            settledBefore += received;
            pipeline = create();
            pipeline.inherit(waiting);
          } else if (clock.pending > 0) clock.runNext();
          const { received, emitted, conflated, pending, rejected: byReason } = pipeline.counts();
          const allRejected = rejectionsIn(byReason);
          assert.equal(settledBefore + received, sent);
          assert.equal(received, emitted + conflated + allRejected + pending);
          assert.equal(rejectedBefore + allRejected, rejected);
        }
        while (clock.pending > 0) clock.runNext();
        assert.equal(pipeline.counts().pending, 0);
      }),
    );
  });

  it("does nothing more once stopped", () => {
    const pipeline = pipelineWith();
    costMs = 10;
    for (let n = 0; n < 5; n++) pipeline.datagram(Buffer.from("1"), SENDER);
    pipeline.stop();
    longestTurnMs();
    assert.equal(handedOn.length, 1);
  });

  it("leaves what waits to another one, which hands it on first, in order, and not before the next turn", () => {
    const stopped = pipelineWith();
    costMs = 10;
    for (let n = 0; n < 5; n++) stopped.datagram(Buffer.from(String(n)), SENDER);
    const next = pipelineWith();
    next.inherit(stopped.stop());
    assert.deepEqual([stopped.counts().received, next.counts().received, next.counts().pending], [1, 4, 4]);
    assert.ok(next.isBusy);
    costMs = 0;
    assert.deepEqual(handedOn, [0]);
    clock.runNext();
    next.datagram(Buffer.from("5"), SENDER);
    assert.deepEqual(handedOn, [0, 1, 2, 3, 4, 5]);
    longestTurnMs();
    assert.deepEqual([next.counts().received, next.counts().emitted], [5, 5]);
  });

  it("hands on what was left to it before a datagram that comes sooner than the next turn", () => {
    const next = pipelineWith();
    next.inherit(["1", "2"].map((text) => ({ bytes: Buffer.from(text), sender: SENDER, time: 0 })));
    next.datagram(Buffer.from("3"), SENDER);
    assert.deepEqual(handedOn, [1, 2, 3]);
    longestTurnMs();
    assert.equal(next.counts().emitted, 3);
  });

  it("asks its own gate about what was left to it", () => {
    const next = pipelineWith({ allow: ["198.51.100.0/24"] });
    next.inherit([SENDER, STRANGER].map((sender) => ({ bytes: Buffer.from("1"), sender, time: 0 })));
    longestTurnMs();
    next.datagram(Buffer.from("2"), STRANGER);
    assert.deepEqual([handedOn, next.counts().rejected.sender, rejected], [[1, 2], 1, 1]);
  });

  it("hands on the rest of a datagram when it is stopped, with and without readings that are held back", () => {
    for (const every of [0, 1000]) {
      handedOn = [];
      costMs = 1;
      const pipeline = pipelineWith({ maxReadings: 4096, every, conflate: "all" });
      pipeline.datagram(Buffer.from(JSON.stringify(Array.from({ length: 1000 }, (_, n) => n))), SENDER);
      if (every === 0) assert.ok(handedOn.length < 1000);
      assert.deepEqual(pipeline.stop(), []);
      assert.equal(handedOn.flat().length, 1000);
      assert.deepEqual([pipeline.counts().emitted, pipeline.counts().pending], [1, 0]);
      longestTurnMs();
    }
  });

  it("hands on each reading once, also when whoever gets one stops it", () => {
    const readings = Array.from({ length: 100 }, (_, n) => n);
    const port = {
      reading({ payload }: { payload: unknown }) {
        handedOn.push(payload);
        if (payload === 40) pipeline.stop();
      },
      rejected: () => assert.fail(),
      failed: (error: unknown) => assert.fail(String(error)),
    };
    const pipeline = new DatagramPipeline({ ...defaultsOf(fields) }, port, { clock, budget });
    pipeline.datagram(Buffer.from(JSON.stringify(readings)), SENDER);
    assert.deepEqual(handedOn, readings);
    assert.deepEqual([pipeline.counts().emitted, pipeline.counts().pending], [1, 0]);
  });
});
