import assert from "node:assert/strict";
import { FakeClock } from "../../../support/fake-clock";
import type { FakeFrameSink } from "../../../support/fake-frame-sink";
import { TestHub } from "../../../support/test-hub";

const CLIENTS = 30;
const WRITE_MS = 1;
const PASS_MS = CLIENTS * WRITE_MS;

describe("passes of the hub that take several slices", () => {
  let clock: FakeClock;
  let hub: TestHub;
  let sinks: FakeFrameSink[];
  /** What was written, as it was given. */
  let chunks: Set<Buffer>;

  beforeEach(() => {
    clock = new FakeClock();
    hub = new TestHub({ clock });
    chunks = new Set();
  });

  afterEach(() => hub.close());

  function joinAll(inflates: boolean): void {
    sinks = Array.from({ length: CLIENTS }, () => {
      const { sink } = hub.join({ replay: false }, inflates);
      const write = sink.write.bind(sink);
      sink.write = (frames) => {
        clock.elapse(WRITE_MS);
        chunks.add(frames);
        return write(frames);
      };
      return sink;
    });
    clock.advance(100);
  }

  /** Publishes one reading, and another each 3 ms while the pass that it starts is under way. */
  function publishDuringPass(): void {
    hub.publish("t", "first");
    for (let ms = 3; ms < PASS_MS; ms += 3) clock.timeout(() => hub.publish("t", `after ${ms} ms`), ms);
  }

  it("hand out what has come meanwhile, too, in few chunks", () => {
    joinAll(false);
    publishDuringPass();
    for (let written = 0; written < CLIENTS; written = sinks.reduce((sum, { writes }) => sum + writes, 0))
      clock.runNext();
    const received = sinks.map(({ texts }) => texts.length).sort((a, b) => a - b);
    assert.deepEqual([received[0], received.at(-1)], [1, 9]);
    assert.ok(chunks.size <= 8, `${chunks.size} chunks`);
  });

  for (const inflates of [false, true]) {
    it(`leave out and repeat nothing${inflates ? ", compressed" : ""}`, () => {
      joinAll(inflates);
      for (let i = 0; i < 5; i++) {
        publishDuringPass();
        clock.advance(10 * PASS_MS);
      }
      const [first] = sinks as [FakeFrameSink];
      assert.equal(first.texts.length, 50);
      for (const { texts } of sinks) assert.deepEqual(texts, first.texts);
      const { offered, delivered } = hub.counts();
      assert.deepEqual([offered, delivered], [50 * CLIENTS, 50 * CLIENTS]);
    });
  }

  it("give all the same where they share a compressed stream", () => {
    joinAll(true);
    for (let i = 0; i < 20; i++) {
      publishDuringPass();
      clock.advance(10 * PASS_MS);
    }
    const compressed = sinks.map(({ frames }) => frames.filter(({ isCompressed }) => isCompressed).length);
    assert.ok(Math.min(...compressed) > 100, `${Math.min(...compressed)} of 200 are compressed for one`);
  });
});
