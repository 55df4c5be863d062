import assert from "node:assert/strict";
import fc from "fast-check";
import { jsonErrorPosition } from "../../../../nodes/lib/udp/decoders/json/json-position";

describe("the position of an error in JSON", () => {
  it("is the end of what is JSON", () => {
    fc.assert(fc.property(fc.json(), (text) => assert.equal(jsonErrorPosition(text), text.length)));
  });

  it("is the end of JSON that was cut off", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, cut) => {
        const cutOff = text.slice(0, cut % (text.length + 1));
        const position = jsonErrorPosition(cutOff);
        // A number or a word that was cut off may be one again, or none from its beginning on.
        assert.match(cutOff.slice(position), /^(?:[-+.eE\d]*|[a-z]+|\\u?[\da-fA-F]*)$/);
      }),
    );
  });

  for (const [text, position] of [
    ['{"a":1,}', 7],
    ["[1 2]", 3],
    ['{"a" 1}', 5],
    ["[1,,2]", 3],
    ["[01]", 2],
    ['"a\nb"', 2],
    ["{a:1}", 1],
  ] as const) {
    it(`is ${position} in ${JSON.stringify(text)}`, () => assert.equal(jsonErrorPosition(text), position));
  }
});
