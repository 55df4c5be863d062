import assert from "node:assert/strict";
import { fromBigInt, parseScalar } from "../../../../nodes/lib/udp/decoders/scalar";

describe("a value written as text", () => {
  const cases: [text: string, value: unknown][] = [
    ["21.5", 21.5],
    ["-1e3", -1000],
    [".5", 0.5],
    ["0", 0],
    ["+7", 7],
    ["007", "007"],
    ["-01", "-01"],
    ["0x1f", "0x1f"],
    ["1_000", "1_000"],
    ["Infinity", "Infinity"],
    ["1e999", "1e999"],
    ["9007199254740993", "9007199254740993"],
    ["", ""],
    ["21.5 °C", "21.5 °C"],
  ];
  for (const [text, value] of cases) {
    it(`is ${JSON.stringify(value)} for ${JSON.stringify(text)}`, () => assert.equal(parseScalar(text), value));
  }

  it("is a number of 64 bits where that is exact, else its digits", () => {
    assert.equal(fromBigInt(-5n), -5);
    assert.equal(fromBigInt(2n ** 63n), "9223372036854775808");
  });
});
