import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createStructDecoder } from "../../../../nodes/lib/udp/decoders/struct";
import { parseStructTemplate } from "../../../../nodes/lib/udp/decoders/struct-template";
import { assertRefused } from "../../../support/decoding";

interface Packed {
  readonly name: string;
  readonly template: unknown;
  readonly hex: string;
  readonly reading: object;
}

const PACKED: readonly Packed[] = JSON.parse(readFileSync(join(__dirname, "../fixtures/struct.json"), "utf8"));

function decode(template: unknown, bytes: Buffer | number[]): readonly unknown[] {
  return createStructDecoder(parseStructTemplate(template))(Buffer.from(bytes));
}

describe("format struct", () => {
  for (const { name, template, hex, reading } of PACKED) {
    it(`reads what Python packs: ${name}`, () =>
      assert.deepEqual(decode(template, Buffer.from(hex, "hex")), [reading]));
  }

  it("places a field behind the one before unless it has an offset", () => {
    const template = [
      { name: "a", type: "u8", offset: 2 },
      { name: "b", type: "u8" },
      { name: "c", type: "u8", offset: "0" },
    ];
    assert.deepEqual(decode(template, [10, 11, 12, 13]), [{ a: 12, b: 13, c: 10 }]);
  });
  it("scales without the error of an inexact factor", () => {
    const template = [
      { name: "temp", type: "i16", scale: "0.1", unit: "°C" },
      { name: "volt", type: "u8", scale: 0.001 },
      { name: "gain", type: "i8", scale: -2.5 },
    ];
    assert.deepEqual(decode(template, [3, 0, 7, 4]), [{ temp: 0.3, volt: 0.007, gain: -10 }]);
  });
  it("gives a 64-bit integer as digits where a number is not exact, unless it is scaled", () => {
    const bytes = Buffer.alloc(8, 0xff);
    assert.deepEqual(decode([{ name: "n", type: "u64" }], bytes), [{ n: "18446744073709551615" }]);
    assert.deepEqual(decode([{ name: "n", type: "i64" }], bytes), [{ n: -1 }]);
    assert.deepEqual(decode([{ name: "n", type: "u64", scale: 1e-9 }], bytes), [{ n: 18446744073.709553 }]);
  });
  it("ignores bytes behind the last field", () => {
    assert.deepEqual(decode([{ name: "a", type: "u8" }], [1, 2, 3]), [{ a: 1 }]);
  });
  it("refuses a datagram shorter than the template", () => {
    const decoder = createStructDecoder(parseStructTemplate([{ name: "a", type: "u16", offset: 4 }]));
    assertRefused(decoder, Buffer.alloc(5), "decode", /has 5 bytes, but the template needs 6/);
    assertRefused(decoder, Buffer.alloc(0), "decode", /has 0 bytes/);
  });
});

describe("a struct template", () => {
  it("is read from the JSON that the editor saves, with defaults", () => {
    assert.deepEqual(parseStructTemplate('[{"name":" a ","type":"u16","offset":"","scale":"","unit":" V "}]'), [
      { name: "a", type: "u16", offset: 0, endianness: "little", scale: 1, unit: "V" },
    ]);
    assert.deepEqual(parseStructTemplate(""), []);
  });

  const refused: [what: string, template: unknown, message: string][] = [
    ["what is no list", "{}", "the template must be a list of fields"],
    ["what is no JSON", "[", "the template must be a list of fields as JSON"],
    ["a row without name", [{ type: "u8" }], "field 1: must have a name"],
    ["a row that is no object", [null], "field 1: must have a name and a type"],
    ["the name __proto__", [{ name: "__proto__", type: "u8" }], "field 1: must have a name"],
    [
      "an unknown type",
      [{ name: "a", type: "toString" }],
      'field 1 (a): type must be u8, i8, u16, i16, u32, i32, u64, i64, f32, f64, bool, not "toString"',
    ],
    [
      "an unknown byte order",
      [{ name: "a", type: "u8", endianness: "middle" }],
      'field 1 (a): endianness must be little or big, not "middle"',
    ],
    [
      "an offset that is no number",
      [{ name: "a", type: "u8", offset: "abc" }],
      'field 1 (a): offset must be empty or a whole number from 0 to 65506, not "abc"',
    ],
    [
      "a scale of 0",
      [{ name: "a", type: "u8", scale: 0 }],
      "field 1 (a): scale must be empty or a number other than 0, not 0",
    ],
    [
      "a name twice",
      [
        { name: "a", type: "u8" },
        { name: "a", type: "u8" },
      ],
      "field 2: the name a is taken",
    ],
    [
      "a field beyond a datagram",
      [{ name: "a", type: "f64", offset: 65500 }],
      "field 1: must end within the 65507 bytes of a datagram",
    ],
    [
      "too many fields",
      Array.from({ length: 257 }, (_, i) => ({ name: `f${i}`, type: "u8" })),
      "the template must have at most 256 fields",
    ],
  ];
  for (const [what, template, message] of refused) {
    it(`refuses ${what}`, () =>
      assert.throws(() => parseStructTemplate(template), { name: "StructTemplateError", message }));
  }
});
