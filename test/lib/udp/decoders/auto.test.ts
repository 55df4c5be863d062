import assert from "node:assert/strict";
import { createAutoDecoder } from "../../../../nodes/lib/udp/decoders/auto";
import { assertRefused } from "../../../support/decoding";

const decodeAuto = createAutoDecoder({ precision: "s" });

describe("format auto", () => {
  const accepted: [what: string, text: string, readings: unknown[]][] = [
    ["JSON as JSON", '{"a":1}', [{ a: 1 }]],
    ["newline-delimited JSON as JSON", "1\n2\n", [1, 2]],
    ["a number as a number", "-21.5", [-21.5]],
    ["text as lines", "temp 21\nhum 40\n", ["temp 21", "hum 40"]],
    ["what only begins like JSON as text", "{21.5}", ["{21.5}"]],
    ["a number that JSON would not write so as text", "007", ["007"]],
    ["a number with a comma as text", "21,5", ["21,5"]],
    [
      "a line of a log as text",
      "[INFO] pump on\n[2026-01-01 12:00] pump off",
      ["[INFO] pump on", "[2026-01-01 12:00] pump off"],
    ],
    ["quoted text with something after it as text", '"a" ok', ['"a" ok']],
    ["nothing but a brace and a word as text", "{sensor:kitchen}", ["{sensor:kitchen}"]],
    [
      "NMEA sentences with a checksum",
      "$GPHDT,274.07,T*03\r\n",
      [{ talker: "GP", sentence: "HDT", fields: ["274.07", "T"], headingTrue: 274.07 }],
    ],
    ["NMEA sentences that were damaged as text", "$GPHDT,274.08,T*03\r\n", ["$GPHDT,274.08,T*03"]],
    [
      "line protocol with tags or a timestamp",
      "m,host=a v=1\nm v=2i 1700000000\n",
      [
        { measurement: "m", tags: { host: "a" }, fields: { v: 1 } },
        { measurement: "m", tags: {}, fields: { v: 2 }, timestamp: 1_700_000_000_000 },
      ],
    ],
    ["what only begins like line protocol as text", "m,host=a v=1\nok", ["m,host=a v=1", "ok"]],
    ["what could be prose or line protocol as text", "temp is=21", ["temp is=21"]],
  ];
  for (const [what, text, readings] of accepted) {
    it(`takes ${what}`, () => assert.deepEqual(decodeAuto(Buffer.from(text)), readings));
  }

  for (const broken of [
    '{"sensor":"a","value":21.',
    '{"a":1} ok',
    "[1,2",
    '[{"a":1},{"a"',
    '{"a":1}\n{"a":',
    "{",
    "[21.5",
  ]) {
    it(`refuses ${broken}, which was meant as JSON`, () => {
      assertRefused(decodeAuto, broken, "decode", /^the datagram is not JSON: .*; format text takes it as it is$/);
    });
  }

  it("refuses an empty datagram", () => assertRefused(decodeAuto, " \n", "decode", /empty/));
  it("refuses bytes that are not UTF-8", () => assertRefused(decodeAuto, Buffer.from([1, 0xfe]), "decode", /UTF-8/));
  it("refuses a key __proto__", () => assertRefused(decodeAuto, '{"__proto__":1}', "decode", /__proto__/));
  it("refuses a bracket bomb", () => assertRefused(decodeAuto, "[".repeat(32_000), "depth", /deeper than 32/));
});
