import assert from "node:assert/strict";
import { type PiecewiseWork, TurnBudget } from "../../../nodes/lib/time/turn-budget";
import { FakeClock } from "../../support/fake-clock";

describe("turn budget", () => {
  let clock: FakeClock;
  let budget: TurnBudget;
  let done: string[];

  beforeEach(() => {
    clock = new FakeClock();
    budget = new TurnBudget({ clock, turnMs: 4 });
    done = [];
  });

  /** Work of so many pieces, which take so long each. */
  function work(name: string, pieces: number, pieceMs: number): PiecewiseWork {
    let left = pieces;
    return {
      step() {
        clock.elapse(pieceMs);
        done.push(name);
        return --left > 0;
      },
    };
  }

  it("does what fits at once, without a timer", () => {
    budget.do(work("a", 3, 0.1));
    assert.deepEqual(done, ["a", "a", "a"]);
    assert.equal(clock.pending, 0);
  });

  it("leaves the rest to the turns to come", () => {
    budget.do(work("a", 7, 2));
    assert.equal(done.length, 2);
    clock.runNext();
    assert.equal(done.length, 4);
    clock.runNext();
    clock.runNext();
    assert.equal(done.length, 7);
    clock.runNext();
    assert.equal(clock.pending, 0);
  });

  it("is one budget for all that is done in a turn", () => {
    for (const name of ["a", "b", "c", "d"]) budget.do(work(name, 1, 3));
    assert.deepEqual(done, ["a", "b"]);
    clock.runNext();
    assert.deepEqual(done, ["a", "b", "c", "d"]);
  });

  it("lets those who have work left take turns", () => {
    budget.do(work("long", 4, 4));
    budget.do(work("a", 2, 4));
    budget.do(work("b", 1, 4));
    while (clock.pending > 0) clock.runNext();
    assert.deepEqual(done, ["long", "long", "a", "b", "long", "a", "long"]);
  });

  it("is whole again in the next turn, also after many short works", () => {
    for (let n = 0; n < 10; n++) budget.do(work("a", 1, 0.5));
    assert.equal(done.length, 8);
    clock.runNext();
    assert.equal(done.length, 10);
    for (let n = 0; n < 4; n++) budget.do(work("b", 1, 0.5));
    assert.equal(done.length, 14);
  });

  it("does no more of what is dropped, and runs no timer for it", () => {
    const dropped = work("a", 9, 5);
    budget.do(dropped);
    budget.drop(dropped);
    while (clock.pending > 0) clock.runNext();
    assert.deepEqual(done, ["a"]);
  });

  it("takes work that is asked for by other work", () => {
    let left = 2;
    const asking: PiecewiseWork = {
      step() {
        done.push("asking");
        if (--left > 0) budget.do(asking);
        return false;
      },
    };
    budget.do(asking);
    assert.deepEqual(done, ["asking", "asking"]);
  });
});
