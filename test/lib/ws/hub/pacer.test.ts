import assert from "node:assert/strict";
import { Pacer, SLICE_MS, type Step } from "../../../../nodes/lib/ws/hub/pacer";
import { FakeClock } from "../../../support/fake-clock";

/** Passes of so many steps, each of which takes its time. */
class Steps {
  passes = 0;
  left = 0;
  readonly at: number[] = [];

  constructor(
    private readonly clock: FakeClock,
    private readonly steps: number,
    private readonly msPerStep: number,
  ) {}

  begin(): void {
    this.passes++;
    this.left = this.steps;
    this.at.push(this.clock.now());
  }

  step(): Step {
    if (this.left === 0) return "done";
    this.left--;
    this.clock.elapse(this.msPerStep);
    return "short";
  }
}

describe("pacer", () => {
  it("starts in this turn of the event loop when idle", () => {
    const clock = new FakeClock();
    const work = new Steps(clock, 1, 0);
    new Pacer(work, clock).request();
    clock.advance(0);
    assert.equal(work.passes, 1);
  });

  it("runs one pass for many requests, and another for a request during the pass", () => {
    const clock = new FakeClock();
    const work = new Steps(clock, 1, 0);
    const pacer = new Pacer(
      { begin: () => work.begin(), step: () => (work.passes === 1 && work.left > 0 ? request() : "done") },
      clock,
    );
    const request = () => {
      pacer.request();
      return work.step();
    };
    for (let i = 0; i < 10; i++) pacer.request();
    clock.advance(100);
    assert.equal(work.passes, 2);
  });

  it("lets others run after each slice", () => {
    const clock = new FakeClock();
    const work = new Steps(clock, 1000, 0.1);
    new Pacer(work, clock).request();
    let longest = 0;
    for (let before = clock.now(); work.passes === 0 || work.left > 0; before = clock.now()) {
      clock.runNext();
      longest = Math.max(longest, clock.now() - before);
    }
    assert.ok(longest >= SLICE_MS && longest < SLICE_MS + 1, `a slice took ${longest} ms`);
  });

  it("rests for as long as the pass took", () => {
    const clock = new FakeClock();
    const work = new Steps(clock, 300, 0.1);
    const pacer = new Pacer(work, clock);
    for (let i = 0; i < 500; i++) {
      pacer.request();
      clock.advance(1);
    }
    for (const [index, at] of work.at.entries()) {
      if (index > 0) assert.ok(at - (work.at[index - 1] as number) >= 59, `passes began at ${work.at}`);
    }
    assert.ok(work.passes > 5);
  });

  it("does nothing after it was stopped", () => {
    const clock = new FakeClock();
    const work = new Steps(clock, 1, 0);
    const pacer = new Pacer(work, clock);
    pacer.request();
    pacer.stop();
    pacer.request();
    clock.advance(100);
    assert.deepEqual([work.passes, clock.pending], [0, 0]);
  });
});
