import assert from "node:assert/strict";
import fc from "fast-check";
import { createKeyValueDecoder } from "../../../../nodes/lib/udp/decoders/key-value";
import { assertRefused } from "../../../support/decoding";

const decode = createKeyValueDecoder();

describe("format keyvalue", () => {
  const accepted: [what: string, text: string, readings: object[]][] = [
    ["pairs between spaces", 'a=1 b=2.5 c="x y"', [{ a: 1, b: 2.5, c: "x y" }]],
    ["pairs between commas, semicolons or ampersands", "a=1,b=2; c=3&d=4", [{ a: 1, b: 2, c: 3, d: 4 }]],
    ["a line per reading", "a=1\r\n\r\na=2\n", [{ a: 1 }, { a: 2 }]],
    ["blanks around the equals sign", "temp = 21.5, hum = 40", [{ temp: 21.5, hum: 40 }]],
    ["an empty value as null", "a= b=2", [{ a: null, b: 2 }]],
    ["an equals sign within a value", "token=YWI=", [{ token: "YWI=" }]],
    ["escapes within quotes", String.raw`a="say \"hi\" \\" b='it\'s'`, [{ a: 'say "hi" \\', b: "it's" }]],
    ["a quoted number as text", 'a="1"', [{ a: "1" }]],
    ["names that every object inherits", "constructor=1 toString=2", [{ constructor: 1, toString: 2 }]],
  ];
  for (const [what, text, readings] of accepted) {
    it(`takes ${what}`, () => assert.deepEqual(decode(Buffer.from(text)), readings));
  }

  it("refuses text without a name", () => assertRefused(decode, "a=1 hello", "decode", /"hello" is no name=value/));
  it("refuses an equals sign alone", () => assertRefused(decode, "=", "decode", /no name=value/));
  it("refuses a quote that is not closed", () => assertRefused(decode, 'a="x', "decode", /no name=value/));
  it("refuses text behind a closing quote", () => assertRefused(decode, 'a="x"y', "decode", /no name=value/));
  it("refuses the name __proto__", () => assertRefused(decode, "__proto__=1", "decode", /__proto__/));
  it("refuses an empty datagram", () => assertRefused(decode, "\n", "decode", /no name=value/));

  it("reads back any quoted values", () => {
    const values = fc.array(
      fc.string().filter((value) => !/[\r\n]/.test(value)),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(values, fc.constantFrom(" ", ",", ";", "&"), (written, separator) => {
        const text = written.map((value, i) => `k${i}="${value.replace(/[\\"]/g, "\\$&")}"`).join(separator);
        assert.deepEqual(decode(Buffer.from(text)), [Object.fromEntries(written.map((value, i) => [`k${i}`, value]))]);
      }),
    );
  });
  it("refuses more than 4096 pairs in a line", () => {
    assertRefused(decode, "a=1 ".repeat(4097), "decode", /more than 4096 fields/);
  });
});
