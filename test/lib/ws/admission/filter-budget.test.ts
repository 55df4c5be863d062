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
const ANYBODY = { key: "192.0.2.1", isTrusted: false };
const TOKEN = { key: "display", isTrusted: true };

describe("filter budget", () => {
  it("has room for any number of clients with the same filters, in any order", () => {
    const budget = new FilterBudget({ levelsPerOwner: 2 });
    budget.add(ANYBODY, asking("a", "b"));
    assert.equal(budget.excess(ANYBODY, asking("b", "a")), undefined);
    budget.add(ANYBODY, asking("b", "a"));
    assert.equal(budget.excess(ANYBODY, asking("a")), "owner");
    budget.remove(ANYBODY, asking("a", "b"));
    assert.equal(budget.excess(ANYBODY, asking("a")), "owner");
    budget.remove(ANYBODY, asking("a", "b"));
    assert.equal(budget.excess(ANYBODY, asking("a")), undefined);
  });

  it("counts the levels of a client's own filters, not of what its token grants", () => {
    const budget = new FilterBudget({ levelsPerOwner: 4 });
    budget.add(TOKEN, { ...asking("a/b"), granted: ["a/#", "b/#", "c/#"] });
    assert.equal(budget.excess(TOKEN, asking("a/b/c")), "owner");
    assert.equal(budget.excess(TOKEN, { ...asking("a/c"), granted: ["a/#"] }), undefined);
  });

  it("has always room for a client without filters", () => {
    const budget = new FilterBudget({ levelsPerOwner: 1, levels: 1, reservedLevels: 0 });
    budget.add(ANYBODY, asking("a"));
    assert.equal(budget.excess(ANYBODY, asking("b")), "owner");
    assert.equal(budget.excess(ANYBODY, asking()), undefined);
    assert.equal(budget.excess(TOKEN, { ...asking(), granted: ["x/#"] }), undefined);
  });

  it("keeps one owner's filters out of another's budget", () => {
    const budget = new FilterBudget({ levelsPerOwner: 3 });
    budget.add(ANYBODY, asking("a/b/c"));
    assert.equal(budget.excess(ANYBODY, asking("d")), "owner");
    assert.equal(budget.excess({ ...ANYBODY, key: "192.0.2.2" }, asking("d")), undefined);
    assert.equal(budget.excess(TOKEN, asking("d")), undefined);
  });

  it("is bounded over all owners, but reserves something for every token", () => {
    const budget = new FilterBudget({ levelsPerOwner: 10, levels: 12, reservedLevels: 2 });
    budget.add(ANYBODY, asking("a/a/a/a/a/a/a/a/a/a"));
    budget.add({ ...ANYBODY, key: "192.0.2.2" }, asking("a/a"));
    assert.equal(budget.excess({ ...ANYBODY, key: "192.0.2.3" }, asking("b")), "all");
    assert.equal(budget.excess(TOKEN, asking("b/c")), undefined);
    budget.add(TOKEN, asking("b/c"));
    assert.equal(budget.excess(TOKEN, asking("d")), "all");
  });
});
