import assert from "node:assert/strict";
import { decodeAuto } from "../../../../nodes/lib/udp/decoders/auto";
import { assertRefused } from "../../../support/decoding";

describe("format auto", () => {
  const accepted: [what: string, text: string, readings: unknown[]][] = [
    ["JSON as JSON", '{"a":1}', [{ a: 1 }]],
    ["newline-delimited JSON as JSON", "1\n2\n", [1, 2]],
    ["a number as a number", "-21.5", [-21.5]],
    ["text as lines", "temp 21\nhum 40\n", ["temp 21", "hum 40"]],
    ["what only begins like JSON as text", "{21.5}", ["{21.5}"]],
    ["JSON with something after it as text", '{"a":1} ok', ['{"a":1} ok']],
  ];
  for (const [what, text, readings] of accepted) {
    it(`takes ${what}`, () => assert.deepEqual(decodeAuto(Buffer.from(text)), readings));
  }

  it("refuses an empty datagram", () => assertRefused(decodeAuto, " \n", "decode", /empty/));
  it("refuses bytes that are not UTF-8", () => assertRefused(decodeAuto, Buffer.from([1, 0xfe]), "decode", /UTF-8/));
  it("refuses a key __proto__", () => assertRefused(decodeAuto, '{"__proto__":1}', "decode", /__proto__/));
  it("refuses a bracket bomb", () => assertRefused(decodeAuto, "[".repeat(32_000), "depth", /deeper than 32/));
});
