import assert from "node:assert/strict";
import fc from "fast-check";
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

  it("does not tell of what is deleted, or put off, while it tells of others", () => {
    const [first, second, third] = ["a", "b", "c"].map((name) => ({ name, dueAt: 100 })) as [Item, Item, Item];
    list = new DueList<Item>(clock, (item) => {
      due.push(`${item.name} at ${clock.now()}`);
      if (item !== first) return;
      list.delete(second);
      third.dueAt = 200;
      list.add(third);
    });
    for (const item of [first, second, third]) list.add(item);
    clock.advance(1000);
    assert.deepEqual(due, ["a at 100", "c at 200"]);
  });

  it("tells of each item once, when it is due, whatever was added, put off and deleted before", () => {
    const moves = fc.array(fc.tuple(fc.constantFrom("add", "delete", "wait"), fc.nat(20), fc.nat(100)), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(moves, (list) => {
        const time = new FakeClock();
        /** What is to come, and when. */
        const expected = new Map<Item, number>();
        const items = Array.from({ length: 21 }, (_, index) => ({ name: String(index), dueAt: 0 }));
        const tested = new DueList<Item>(time, (item) => {
          const at = expected.get(item);
          assert.ok(at !== undefined && at <= time.now() && time.now() - at <= 2, `${at} at ${time.now()}`);
          expected.delete(item);
        });
        for (const [move, index, ms] of list) {
          const item = items[index] as Item;
          if (move === "wait") time.advance(ms);
          else if (move === "delete") {
            expected.delete(item);
            tested.delete(item);
          } else {
            item.dueAt = time.now() + ms;
            expected.set(item, item.dueAt);
            tested.add(item);
          }
        }
        time.advance(1000);
        assert.equal(expected.size, 0);
        assert.equal(time.pending, 0);
      }),
    );
  });

  it("looks at few of those that wait when one is due", () => {
    let looks = 0;
    const waiting = Array.from({ length: 10_000 }, (_, index) => ({ name: "", dueAt: 1000 + index }));
    for (const item of waiting) list.add(item);
    const watched = {
      name: "watched",
      get dueAt() {
        looks++;
        return 100_000;
      },
    };
    list.add(watched);
    const before = looks;
    clock.advance(9000);
    assert.equal(due.length, 8001);
    assert.equal(looks, before);
  });
});
