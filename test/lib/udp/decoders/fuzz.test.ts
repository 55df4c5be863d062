import assert from "node:assert/strict";
import fc from "fast-check";
import { createDecoder } from "../../../../nodes/lib/udp/decoders";
import { DecodeError, type Decoder } from "../../../../nodes/lib/udp/decoders/decoder";
import { FORMATS } from "../../../../nodes/lib/udp/decoders/formats";

const { cloneMessage } = require("@node-red/util").util as { cloneMessage(message: object): object };

/** Bytes of all kinds: noise, text, JSON, and JSON that was cut, repeated or put inside itself. */
const datagrams = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: "binary" }).map((text) => Buffer.from(text)),
  fc.json().map((text) => Buffer.from(text)),
  fc.array(fc.json(), { maxLength: 5 }).map((lines) => Buffer.from(lines.join("\n"))),
  fc.tuple(fc.json(), fc.nat(40)).map(([text, cut]) => Buffer.from(text).subarray(cut)),
  fc
    .tuple(fc.constantFrom("[", '{"a":', '{"__proto__":'), fc.nat(60), fc.json())
    .map(([open, times, text]) => Buffer.from(open.repeat(times) + text + (open === "[" ? "]" : "}").repeat(times))),
);

function readingsOrNone(decode: Decoder, datagram: Buffer): readonly unknown[] {
  try {
    return decode(datagram);
  } catch (error) {
    assert.ok(error instanceof DecodeError, String(error));
    return [];
  }
}

describe("decoders, whatever a datagram holds", () => {
  for (const format of FORMATS) {
    it(`${format} throws nothing but its own error and returns what can be cloned and written as JSON`, () => {
      const decode = createDecoder({ format });
      fc.assert(
        fc.property(datagrams, (datagram) => {
          for (const payload of readingsOrNone(decode, datagram)) {
            assert.equal(typeof JSON.stringify({ payload }), "string");
            assert.deepEqual(cloneMessage({ payload }), { payload });
          }
        }),
        { numRuns: 500 },
      );
    });
  }

  it("changes no prototype", () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    fc.assert(fc.property(datagrams, (datagram) => void readingsOrNone(createDecoder({ format: "auto" }), datagram)));
    assert.deepEqual(Object.getOwnPropertyNames(Object.prototype), before);
  });
});
