import assert from "node:assert/strict";
import { Throttle } from "../../../nodes/lib/time/throttle";
import { FakeClock } from "../../support/fake-clock";

describe("throttle", () => {
  it("runs at once, then once per interval, and always after the last request", () => {
    const clock = new FakeClock();
    const runs: number[] = [];
    const throttle = new Throttle(1000, () => runs.push(clock.now()), clock);
    for (let n = 0; n < 25; n++) {
      throttle.request();
      clock.advance(100);
    }
    clock.advance(5000);
    assert.deepEqual(runs, [0, 1000, 2000, 3000]);
    assert.equal(clock.pending, 0);
  });

  it("runs no more once it is stopped", () => {
    const clock = new FakeClock();
    let runs = 0;
    const throttle = new Throttle(1000, () => runs++, clock);
    throttle.request();
    throttle.request();
    throttle.stop();
    clock.advance(5000);
    assert.equal(runs, 1);
    assert.equal(clock.pending, 0);
  });
});
