import assert from "node:assert/strict";
import { FrameWriter } from "../../../../nodes/lib/ws/hub/frames/frame-writer";
import { ReadingLog } from "../../../../nodes/lib/ws/hub/log/reading-log";
import { encodePayload, PayloadError } from "../../../../nodes/lib/ws/hub/payload";
import { FakeClock } from "../../../support/fake-clock";
import { TestHub } from "../../../support/test-hub";

describe("failures within the hub", () => {
  const { take } = FrameWriter.prototype;
  const { append } = ReadingLog.prototype;
  let clock: FakeClock;
  let hub: TestHub;
  let errors: unknown[];

  beforeEach(() => {
    clock = new FakeClock();
    errors = [];
    hub = new TestHub({
      clock,
      logBytes: 128 * 1024,
      onError: (error) => errors.push(error),
      onFailed: (client) => hub.leave(client),
    });
  });

  afterEach(() => {
    FrameWriter.prototype.take = take;
    ReadingLog.prototype.append = append;
    hub.close();
  });

  it("of one client reach no other: neither what it was to get nor the error", () => {
    const a = hub.join({ filters: ["a/#"], replay: false });
    const b = hub.join({ filters: ["b/#"], replay: false });
    const latest = hub.join({ filters: ["b/#"], mode: "latest" });
    clock.advance(10);
    let failures = 0;
    FrameWriter.prototype.take = function () {
      if (failures++ === 0) throw new RangeError("no memory");
      return take.call(this);
    };
    hub.publish("b/open", "b");
    hub.publish("a/secret", "a");
    clock.advance(50);
    const all = [a, b, latest].flatMap(({ sink }) => sink.texts).sort();
    assert.equal(errors.length, 1);
    assert.equal(hub.counts().clients, 2);
    assert.ok(!b.sink.texts.includes("a") && !latest.sink.texts.includes("a") && !a.sink.texts.includes("b"));
    assert.equal(all.length, 2);
    hub.publish("b/open", "again");
    clock.advance(50);
    assert.ok([b, latest].some(({ sink }) => sink.texts.includes("again")));
  });

  it("while a reading is logged leave no topic that claims the reading of another", () => {
    hub.publish("a", "old");
    ReadingLog.prototype.append = () => {
      throw new RangeError("no memory");
    };
    assert.throws(() => hub.publish("a", "secret"), /no memory/);
    ReadingLog.prototype.append = append;
    hub.publish("b", "b");
    const { sink } = hub.join({ filters: ["a"] });
    const other = hub.join({ filters: ["b"] });
    clock.advance(10);
    assert.deepEqual([sink.texts, other.sink.texts], [[], ["b"]]);
  });

  it("are not waited for: a reading whose envelope would be too large is refused, to all or to one", () => {
    const { client } = hub.join();
    const tooLarge = ["\u0001".repeat(50_000), '"'.repeat(127_000), Buffer.alloc(50_000, 1).toString("latin1")];
    for (const text of tooLarge) {
      const grows = JSON.stringify(text).length > 2 * 128 * 1024;
      const publish = () => hub.publish("a", text);
      const sendTo = () => hub.hub.sendTo(client, { topic: "a", payload: encodePayload(text) });
      for (const send of [publish, sendTo]) {
        if (grows)
          assert.throws(send, (error: unknown) => error instanceof PayloadError && /envelope/.test(error.message));
        else assert.doesNotThrow(send);
      }
    }
    assert.doesNotThrow(() => hub.publish("a", Buffer.alloc(125_000)));
    assert.doesNotThrow(() => hub.publish("a", "x".repeat(125_000)));
    assert.doesNotThrow(() => hub.publish("a", { text: "\u0001".repeat(20_000) }));
  });
});
