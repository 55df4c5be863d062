import { deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { GreatestFirst } from "../../../nodes/lib/live/order";

describe("the order by a figure", () => {
  it("is that of a stable sort, in whatever order its parts are asked for", () => {
    const part = fc.tuple(fc.nat(60), fc.nat(20));
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 60 }), fc.array(part, { maxLength: 6 }), (figures, parts) => {
        const entries = figures.map((figure, index) => ({ figure, index }));
        const sorted = entries.toSorted((a, b) => b.figure - a.figure);
        const order = new GreatestFirst(entries, ({ figure }) => figure);
        for (const [start, length] of parts) {
          deepEqual(order.slice(start, start + length), sorted.slice(start, start + length));
        }
        deepEqual(order.slice(0, entries.length), sorted);
      }),
    );
  });
});
