import assert from "node:assert/strict";
import fc from "fast-check";
import { createDecoder } from "../../../../nodes/lib/udp/decoders";
import { DecodeError, type Decoder } from "../../../../nodes/lib/udp/decoders/decoder";
import { FORMATS } from "../../../../nodes/lib/udp/decoders/formats";
import { configFor, SAMPLES } from "../../../support/sample-datagrams";

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

/** Valid datagrams with some bytes changed, removed or repeated, which get further into a decoder than noise. */
function damaged(samples: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const edits = fc.array(fc.record({ at: fc.nat(), remove: fc.nat(3), insert: fc.uint8Array({ maxLength: 3 }) }), {
    maxLength: 4,
  });
  return fc.tuple(fc.constantFrom(...samples), fc.constantFrom(...samples), edits).map(([first, second, list]) => {
    let bytes: Buffer = list.length % 2 === 0 ? first : Buffer.concat([first, second]);
    for (const { at, remove, insert } of list) {
      const from = at % (bytes.length + 1);
      bytes = Buffer.concat([bytes.subarray(0, from), insert, bytes.subarray(from + remove)]);
    }
    return bytes;
  });
}

function readingsOrNone(decode: Decoder, datagram: Buffer): readonly unknown[] {
  try {
    return decode(datagram);
  } catch (error) {
    assert.ok(error instanceof DecodeError, String(error));
    return [];
  }
}

/** @throws if a value holds what only JavaScript knows, at any depth */
function assertInert(value: unknown): void {
  assert.ok(["string", "number", "boolean", "object"].includes(typeof value), `a ${typeof value}`);
  if (typeof value !== "object" || value === null || Buffer.isBuffer(value)) return;
  const prototype = Object.getPrototypeOf(value);
  assert.ok(prototype === Object.prototype || prototype === Array.prototype, "an instance of a class");
  assert.ok(!Object.hasOwn(value, "__proto__"));
  for (const inner of Object.values(value)) assertInert(inner);
}

describe("decoders, whatever a datagram holds", () => {
  for (const format of FORMATS) {
    it(`${format} throws nothing but its own error and returns what can be cloned and written as JSON`, () => {
      const decode = createDecoder(configFor(format));
      fc.assert(
        fc.property(fc.oneof(datagrams, damaged(SAMPLES[format])), (datagram) => {
          for (const payload of readingsOrNone(decode, datagram)) {
            assertInert(payload);
            assert.equal(typeof JSON.stringify({ payload }), "string");
            assert.deepEqual(cloneMessage({ payload }), { payload });
          }
        }),
        { numRuns: 500 },
      );
    });

    it(`${format} takes every sample of it`, () => {
      const decode = createDecoder(configFor(format));
      for (const sample of SAMPLES[format]) assert.ok(decode(sample).length > 0, sample.toString());
    });
  }

  it("changes no prototype", () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    for (const format of FORMATS) {
      const decode = createDecoder(configFor(format));
      fc.assert(fc.property(datagrams, (datagram) => void readingsOrNone(decode, datagram)));
    }
    assert.deepEqual(Object.getOwnPropertyNames(Object.prototype), before);
  });
});
