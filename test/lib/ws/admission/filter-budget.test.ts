import assert from "node:assert/strict";
import { FilterBudget } from "../../../../nodes/lib/ws/admission/filter-budget";
import type { Subscription } from "../../../../nodes/lib/ws/hub/subscription";

const asking = (...filters: string[]): Subscription => ({
  filters,
  granted: undefined,
  mode: "stream",
  every: 0,
  envelope: undefined,
  since: undefined,
  replay: true,
});

describe("filter budget", () => {
  it("has room for any number of clients with the same filters, in any order", () => {
    const budget = new FilterBudget(1);
    budget.add(asking("a", "b"));
    assert.equal(budget.hasRoomFor(asking("b", "a")), true);
    budget.add(asking("b", "a"));
    assert.equal(budget.hasRoomFor(asking("a")), false);
    budget.remove(asking("a", "b"));
    assert.equal(budget.hasRoomFor(asking("a")), false);
    budget.remove(asking("a", "b"));
    assert.equal(budget.hasRoomFor(asking("a")), true);
  });

  it("counts the levels of all filters, and of what a token grants", () => {
    const budget = new FilterBudget(10, 6);
    budget.add({ ...asking("a/b"), granted: ["a/#"] });
    assert.equal(budget.hasRoomFor(asking("a/b/c")), false);
    assert.equal(budget.hasRoomFor(asking("a/b")), true);
    assert.equal(budget.hasRoomFor({ ...asking("a/b"), granted: ["b"] }), false);
  });
});
