import { equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { briefValue } from "../../../nodes/lib/live/brief-value";

describe("a brief value", () => {
  it("is JSON when it is short", () => {
    equal(
      briefValue({ sensor: "attic", value: 21.5, on: true, unit: null }, 100),
      JSON.stringify({ sensor: "attic", value: 21.5, on: true, unit: null }),
    );
    equal(briefValue([1, "two", [3]], 100), '[1,"two",[3]]');
    equal(briefValue("21.5", 100), '"21.5"');
  });

  it("shows bytes in hex, and a date as JSON does", () => {
    equal(briefValue(Buffer.from([0, 255, 16]), 100), "00ff10");
    equal(briefValue(new Date(0), 100), '"1970-01-01T00:00:00.000Z"');
    equal(briefValue(new Date(Number.NaN), 100), "null");
  });

  it("ends with an ellipsis where it is cut", () => {
    equal(briefValue("a".repeat(50), 10), `"${"a".repeat(10)}…"`);
    ok(
      briefValue(
        Array.from({ length: 1000 }, (_, index) => index),
        20,
      ).endsWith("…]"),
    );
    equal(briefValue(Buffer.alloc(50), 10), "0000000000…");
  });

  it("does not follow what is nested without end", () => {
    let nested: unknown = 1;
    for (let depth = 0; depth < 10_000; depth++) nested = [nested];
    equal(briefValue(nested, 100), "[[[[[[…]]]]]]");
  });

  it("is bounded whatever the value", () => {
    const anything = fc.anything({ withDate: true, withTypedArray: true, withNullPrototype: true });
    fc.assert(fc.property(anything, (value) => ok(briefValue(value, 60).length < 500)));
  });
});
