import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, parseConfig } from "../../../../nodes/lib/config/fields";
import { createStructDecoder } from "../../../../nodes/lib/udp/decoders/struct/struct";
import { parseStructTemplate } from "../../../../nodes/lib/udp/decoders/struct/struct-template";
import { fields, rules } from "../../../../nodes/udp-sensor-in.config";
import { assertRefused } from "../../../support/decoding";

interface Packed {
  readonly name: string;
  readonly template: unknown;
  readonly hex: string;
  readonly reading: object;
}

const PACKED: readonly Packed[] = JSON.parse(readFileSync(join(__dirname, "../fixtures/struct.json"), "utf8"));

const parseTemplate = (saved: unknown) => parseStructTemplate(saved, "structTemplate");

function decode(template: unknown, bytes: Buffer | number[]): readonly unknown[] {
  return createStructDecoder(parseTemplate(template))(Buffer.from(bytes));
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
    assert.deepEqual(decode(template, [3, 0, 7, 4]), [{ temp: 0.3, volt: 0.007, gain: -10, units: { temp: "°C" } }]);
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
    const decoder = createStructDecoder(parseTemplate([{ name: "a", type: "u16", offset: 4 }]));
    assertRefused(decoder, Buffer.alloc(5), "decode", /has 5 bytes, but the template needs 6/);
    assertRefused(decoder, Buffer.alloc(0), "decode", /has 0 bytes/);
  });
});

describe("a struct template", () => {
  it("is read from the JSON that the editor saves, with defaults", () => {
    assert.deepEqual(parseTemplate('[{"name":" a ","type":"u16","offset":"","scale":"","unit":" V "}]'), [
      {
        name: "a",
        kind: "number",
        type: "u16",
        bytes: 2,
        offset: 0,
        endianness: "little",
        scale: 1,
        unit: "V",
        shift: 0,
      },
    ]);
    assert.deepEqual(parseTemplate(""), []);
  });

  const named = (...columns: object[]) => columns.map((column, i) => ({ name: "ab"[i], type: "u8", ...column }));
  const refused: [what: string, template: unknown, message: string][] = [
    ["what is no list", "{}", 'a list of fields, not "{}"'],
    ["what is no JSON", "[", 'a list of fields as JSON, not "["'],
    ["a row without name", [{ type: "u8" }], 'a list in which field 1 has a name, not {"type":"u8"}'],
    ["a row that is no object", [null], "a list in which field 1 has a name, not null"],
    ["the name __proto__", named({ name: "__proto__" }), "a list in which field 1 has a name"],
    [
      "an unknown type",
      named({ type: "toString" }),
      "the type of field 1 (a) is u8, i8, u16, i16, u32, i32, u64, i64, f32, f64 or bool; u8:3 for 3 bits;",
    ],
    [
      "an unknown byte order",
      named({ endianness: "middle" }),
      'the endianness of field 1 (a) is little or big, not "middle"',
    ],
    [
      "an offset that is no number",
      named({}, { offset: "x" }),
      "the offset of field 2 (b) is empty or a whole number from 0 to",
    ],
    [
      "an offset outside a datagram",
      named({ type: "f64", offset: 65500 }),
      "a whole number from 0 to 65499, not 65500",
    ],
    ["a scale of 0", named({ scale: 0 }), "the scale of field 1 (a) is empty or a number other than 0, not 0"],
    ["a name twice", named({ name: "b" }, {}), 'a list of fields with different names, not "b"'],
    ["the name units where there are units", named({ name: "units", unit: "V" }), "different names"],
    ["nothing but padding", [{ type: "pad:4" }], "at least one field that has a name"],
    [
      "a second repetition",
      [{ type: "repeat" }, ...named({}), { type: "repeat" }, ...named({ name: "b" })],
      "at most one repeat",
    ],
    ["a repetition of nothing", [...named({}), { type: "repeat" }], "fields after it"],
    ...["u8:9", "u8:0", "u64:3", "text:0", "text", "pad:x", "const:5", "const:", "f32:3"].map(
      (type): [string, object[], string] => [`the type ${type}`, named({ type }), `or repeat, not "${type}"`],
    ),
    ["too many fields", new Array(257).fill({}), "a list of at most 256 fields, not 257"],
  ];
  for (const [what, template, message] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => parseTemplate(template),
        (error) => {
          assert.ok(error instanceof ConfigError && error.message.startsWith("structTemplate must be "), String(error));
          assert.ok(error.message.includes(message), error.message);
          return true;
        },
      );
    });
  }
  it("needs a field before it can be used", () => {
    assert.throws(() => parseConfig(fields, { format: "struct" }, { rules }), {
      message: "structTemplate must be a table of at least one field for the format “binary record”, not []",
    });
  });
});
