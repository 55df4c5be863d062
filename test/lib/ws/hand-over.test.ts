import assert from "node:assert/strict";
import { HandOver } from "../../../nodes/lib/ws/hand-over";
import { FakeClock } from "../../support/fake-clock";

describe("hand-over", () => {
  let clock: FakeClock;
  let ended: string[];
  let handOver: HandOver<string>;
  beforeEach(() => {
    clock = new FakeClock();
    ended = [];
    handOver = new HandOver((running) => ended.push(running), clock);
  });

  it("gives the successor of a node what was running, once", () => {
    handOver.park("a", "running");
    assert.equal(
      handOver.take("b", () => true),
      undefined,
    );
    assert.equal(
      handOver.take("a", () => true),
      "running",
    );
    assert.equal(
      handOver.take("a", () => true),
      undefined,
    );
    handOver.endAll();
    clock.advance(60_000);
    assert.deepEqual(ended, []);
  });

  it("ends what does not suit", () => {
    handOver.park("a", "running");
    assert.equal(
      handOver.take("a", (running) => running !== "running"),
      undefined,
    );
    assert.deepEqual(ended, ["running"]);
  });

  it("ends what no successor comes for, at the latest after a while", () => {
    handOver.park("a", "first");
    handOver.park("b", "second");
    handOver.endAll();
    assert.deepEqual(ended, ["first", "second"]);
    handOver.park("c", "third");
    clock.advance(5000);
    assert.deepEqual(ended, ["first", "second", "third"]);
    assert.equal(clock.pending, 0);
  });
});
