import assert from "node:assert/strict";
import fc from "fast-check";
import { SlotSet } from "../../../../../nodes/lib/ws/hub/log/slot-set";

const slots = fc.uniqueArray(fc.nat(300));

function setOf(slots: readonly number[]): SlotSet {
  const set = new SlotSet();
  for (const slot of slots) set.add(slot);
  return set;
}

describe("slot set", () => {
  it("holds what a Set would", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(300))), (steps) => {
        const set = new SlotSet();
        const expected = new Set<number>();
        for (const [adds, slot] of steps) {
          if (adds) set.add(slot);
          else set.delete(slot);
          if (adds) expected.add(slot);
          else expected.delete(slot);
        }
        assert.equal(set.size, expected.size);
        for (let slot = 0; slot <= 400; slot++) assert.equal(set.has(slot), expected.has(slot));
      }),
    );
  });

  it("finds the next slot, counts and compares as trying each would", () => {
    fc.assert(
      fc.property(slots, slots, slots, fc.nat(310), (own, live, others, from) => {
        const set = setOf(own);
        const without = (slot: number) => !others.includes(slot);
        const next = own.filter((slot) => slot >= from && without(slot)).sort((a, b) => a - b)[0] ?? -1;
        assert.equal(set.nextWithout(setOf(others), from), next);
        const count = own.filter((slot) => live.includes(slot) && without(slot)).length;
        assert.equal(set.countWithin(setOf(live), setOf(others)), count);
        assert.equal(
          set.intersects(setOf(others)),
          own.some((slot) => !without(slot)),
        );
      }),
    );
  });
});
