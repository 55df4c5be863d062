import assert from "node:assert/strict";
import { decodeBuffer } from "../../../../nodes/lib/udp/decoders/buffer";
import { decodeText } from "../../../../nodes/lib/udp/decoders/text";
import { assertRefused } from "../../../support/decoding";

describe("format text", () => {
  const accepted: [what: string, text: string, readings: string[]][] = [
    ["a line", "21.5 °C", ["21.5 °C"]],
    ["a line with its end", "21.5\n", ["21.5"]],
    ["a line with the end that Windows gives it", "21.5\r\n", ["21.5"]],
    ["several lines, without the blank ones", "a\n\nb\r\nc\n", ["a", "b", "c"]],
    ["spaces as they are", " a ", [" a "]],
    ["an empty datagram as an empty reading", "", [""]],
    ["a mere line end as an empty reading", "\n", [""]],
  ];
  for (const [what, text, readings] of accepted) {
    it(`takes ${what}`, () => assert.deepEqual(decodeText(Buffer.from(text)), readings));
  }

  it("refuses bytes that are not UTF-8", () => {
    assertRefused(decodeText, Buffer.from([0x32, 0xb0]), "decode", /not UTF-8/);
  });

  it("refuses more than 4096 lines", () => {
    assertRefused(decodeText, "a\n".repeat(4097), "decode", /more than 4096/);
  });
});

describe("format buffer", () => {
  it("takes any bytes as one reading, and none too", () => {
    for (const bytes of [Buffer.from([0, 255, 10]), Buffer.alloc(0)]) assert.deepEqual(decodeBuffer(bytes), [bytes]);
  });
});
