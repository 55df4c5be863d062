import assert from "node:assert/strict";
import { decodeJson } from "../../../../nodes/lib/udp/decoders/json/json";
import { assertRefused } from "../../../support/decoding";

const decode = (text: string) => decodeJson(Buffer.from(text));

describe("format json", () => {
  const accepted: [what: string, text: string, readings: unknown[]][] = [
    ["an object", '{"sensor":"a","value":1}', [{ sensor: "a", value: 1 }]],
    ["a number", "21.5", [21.5]],
    ["null", "null", [null]],
    ["an array, one reading per element", '[{"a":1},2,[3]]', [{ a: 1 }, 2, [3]]],
    ["newline-delimited JSON", '{"a":1}\n{"a":2}\r\n\n{"a":3}\n', [{ a: 1 }, { a: 2 }, { a: 3 }]],
    ["newline-delimited arrays and scalars", "1\n[2,3]\n4", [1, 2, 3, 4]],
    ["indented JSON", '{\n  "a": {\n    "b": 1\n  }\n}\n', [{ a: { b: 1 } }]],
    ["indented JSON whose first line looks complete", '{"a":{}\n,"b":1}', [{ a: {}, b: 1 }]],
    ["a byte order mark", '\ufeff{"a":1}', [{ a: 1 }]],
    ["text that only mentions __proto__", '{"a":"__proto__"}', [{ a: "__proto__" }]],
    ["brackets in text, not counted as nesting", `{"a":"${"[".repeat(100)}\\""}`, [{ a: `${"[".repeat(100)}"` }]],
    ["many brackets side by side", JSON.stringify(Array(50).fill([])), Array(50).fill([])],
    ["no reading in an empty array", "[]", []],
  ];
  for (const [what, text, readings] of accepted) {
    it(`takes ${what}`, () => assert.deepEqual(decode(text), readings));
  }

  it("takes nesting of 32 and refuses 33", () => {
    assert.equal(decode(`${'{"a":'.repeat(32)}1${"}".repeat(32)}`).length, 1);
    assertRefused(decodeJson, "[".repeat(33) + "]".repeat(33), "depth", /deeper than 32/);
  });

  it("finds nesting in one line of several", () => {
    assertRefused(decodeJson, `{"a":1}\n${"[".repeat(40)}${"]".repeat(40)}`, "depth", /deeper than 32/);
  });

  const refused: [what: string, datagram: string | Buffer, reason: "decode" | "depth", message: RegExp][] = [
    ["an empty datagram", "", "decode", /empty/],
    ["text", "21.5 °C", "decode", /not JSON/],
    ["bytes that are not UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), "decode", /not UTF-8/],
    ["32 000 brackets", "[".repeat(32_000), "depth", /deeper than 32/],
    ["a line that is not JSON among others", '{"a":1}\nx\n{"a":2}', "decode", /not JSON/],
    ["a key __proto__", '{"__proto__":{"admin":true}}', "decode", /key __proto__/],
    ["a key __proto__ far inside", '[{"a":[{"b":{"__proto__":1}}]}]', "decode", /key __proto__/],
    ["a key __proto__ in disguise", '{"\\u005f_proto__":1}', "decode", /key __proto__/],
    ["more than 4096 elements", JSON.stringify(Array(4097).fill(1)), "decode", /more than 4096 readings/],
    ["more than 4096 lines", "{}\n".repeat(4097), "decode", /more than 4096 readings/],
  ];
  for (const [what, datagram, reason, message] of refused) {
    it(`refuses ${what}`, () => assertRefused(decodeJson, datagram, reason, message));
  }

  it("lets no control character of the datagram into the message", () => {
    assert.throws(
      () => decode("\u001b[2J{"),
      ({ message }: Error) => !/\p{Cc}/u.test(message),
    );
  });
});
