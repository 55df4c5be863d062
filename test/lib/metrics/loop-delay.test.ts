import assert from "node:assert/strict";
import { measureLoopDelay } from "../../../nodes/lib/metrics/loop-delay";
import { FakeClock } from "../../support/fake-clock";

describe("delay of the event loop", () => {
  it("is measured ten times a second, until that is stopped", () => {
    const clock = new FakeClock();
    const delays: number[] = [];
    const stop = measureLoopDelay((ms) => delays.push(ms), clock);
    clock.advance(1000);
    assert.deepEqual(delays, Array(10).fill(0));
    stop();
    assert.equal(clock.pending, 0);
  });

  it("counts what was not measured because the loop was blocked", () => {
    const clock = new FakeClock();
    const delays: number[] = [];
    measureLoopDelay((ms) => delays.push(ms), clock);
    clock.elapse(450);
    clock.runNext();
    assert.deepEqual(delays, [350, 250, 150, 50]);
  });

  it("does not go on for ever about a computer that was asleep", () => {
    const clock = new FakeClock();
    const delays: number[] = [];
    measureLoopDelay((ms) => delays.push(ms), clock);
    clock.elapse(86_400_000);
    clock.runNext();
    assert.equal(delays.length, 600);
  });
});
