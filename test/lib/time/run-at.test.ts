import assert from "node:assert/strict";
import { runAt } from "../../../nodes/lib/time/run-at";
import { FakeClock } from "../../support/fake-clock";

const DAY_MS = 86_400_000;

describe("expiry", () => {
  let clock: FakeClock;
  let runs: number;
  const count = () => {
    runs++;
  };
  beforeEach(() => {
    clock = new FakeClock();
    runs = 0;
  });

  it("runs at the time, once", () => {
    runAt(clock.wallTime() + 5000, count, clock);
    clock.advance(4999);
    assert.equal(runs, 0);
    clock.advance(1);
    assert.equal(runs, 1);
    clock.advance(DAY_MS);
    assert.equal(runs, 1);
  });

  it("waits longer than a timer can", () => {
    runAt(clock.wallTime() + 60 * DAY_MS, count, clock);
    clock.advance(60 * DAY_MS - 1);
    assert.equal(runs, 0);
    clock.advance(1);
    assert.equal(runs, 1);
  });

  it("never asks for a wait that a timer would cut short", () => {
    const waits: number[] = [];
    clock.timeout = (_run, ms) => {
      waits.push(ms);
      return () => undefined;
    };
    runAt(Number.MAX_VALUE, count, clock);
    assert.equal(waits.length, 1);
    assert.ok(waits.every((ms) => ms > 0 && ms < 2 ** 31));
  });

  it("runs soon when the time has passed, but not at once", () => {
    runAt(clock.wallTime() - 1, count, clock);
    assert.equal(runs, 0);
    clock.advance(0);
    assert.equal(runs, 1);
  });

  it("can be cancelled, also after it had to wait again", () => {
    const cancel = runAt(clock.wallTime() + 3 * DAY_MS, count, clock);
    clock.advance(2 * DAY_MS);
    cancel();
    assert.equal(clock.pending, 0);
    clock.advance(2 * DAY_MS);
    assert.equal(runs, 0);
  });
});
