import assert from "node:assert/strict";
import { Pace } from "../../../../nodes/lib/client/page/pace";
import { FakeClock } from "../../../support/fake-clock";

describe("pace", () => {
  it("lets work take no more than its share of the time", () => {
    const clock = new FakeClock();
    const pace = new Pace(0.2, () => clock.now());
    assert.equal(pace.isDue, true);
    pace.measure(() => clock.elapse(50));
    clock.advance(199);
    assert.equal(pace.isDue, false);
    clock.advance(1);
    assert.equal(pace.isDue, true);
  });

  it("does not put off what takes no time", () => {
    const clock = new FakeClock();
    const pace = new Pace(0.2, () => clock.now());
    pace.measure(() => undefined);
    assert.equal(pace.isDue, true);
  });
});
