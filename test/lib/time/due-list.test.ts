import assert from "node:assert/strict";
import { DueList } from "../../../nodes/lib/time/due-list";
import { FakeClock } from "../../support/fake-clock";

interface Item {
  readonly name: string;
  dueAt: number;
}

describe("due list", () => {
  let clock: FakeClock;
  let due: string[];
  let list: DueList<Item>;

  beforeEach(() => {
    clock = new FakeClock();
    due = [];
    list = new DueList<Item>(clock, ({ name }) => due.push(`${name} at ${clock.now()}`));
  });

  it("tells of each item at its time, with one timer", () => {
    list.add({ name: "b", dueAt: 200 });
    list.add({ name: "a", dueAt: 100 });
    list.add({ name: "c", dueAt: 300 });
    assert.equal(clock.pending, 1);
    clock.advance(1000);
    assert.deepEqual(due, ["a at 100", "b at 200", "c at 300"]);
    assert.equal(clock.pending, 0);
  });

  it("takes note of a new time", () => {
    const item = { name: "a", dueAt: 100 };
    list.add(item);
    item.dueAt = 50;
    list.add(item);
    clock.advance(1000);
    assert.deepEqual(due, ["a at 50"]);
  });

  it("forgets what is deleted, and then runs no timer", () => {
    const item = { name: "a", dueAt: 100 };
    list.add(item);
    list.delete(item);
    assert.equal(clock.pending, 0);
  });

  it("runs no timer once cleared", () => {
    list.add({ name: "a", dueAt: 100 });
    list.clear();
    assert.equal(clock.pending, 0);
    list.add({ name: "b", dueAt: 100 });
    clock.advance(100);
    assert.deepEqual(due, ["b at 100"]);
  });

  it("waits at least 2 ms, so that many items share a timer", () => {
    list.add({ name: "a", dueAt: 0 });
    list.add({ name: "b", dueAt: 1 });
    clock.advance(1);
    assert.deepEqual(due, []);
    clock.advance(1);
    assert.deepEqual(due, ["a at 2", "b at 2"]);
  });
});
