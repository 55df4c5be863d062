import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as cborLibrary from "cbor-x";
import fc from "fast-check";
import * as msgpackLibrary from "msgpackr";
import { createCborDecoder } from "../../../../nodes/lib/udp/decoders/binary/cbor";
import { createMsgpackDecoder } from "../../../../nodes/lib/udp/decoders/binary/msgpack";
import type { Decoder } from "../../../../nodes/lib/udp/decoders/decoder";
import { assertRefused } from "../../../support/decoding";

interface Encoded {
  readonly name: string;
  readonly hex: string;
  readonly reading: unknown;
}

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
const packr = new msgpackLibrary.Packr({ useRecords: false });
const cborEncoder = new cborLibrary.Encoder({ useRecords: false });

const formats: {
  name: string;
  decode: Decoder;
  encode: (value: unknown) => Buffer;
  refused: [string, string, RegExp][];
}[] = [
  {
    name: "msgpack",
    decode: createMsgpackDecoder(),
    encode: (value) => packr.pack(value),
    refused: [
      ["an array longer than the datagram", "dd 01ffffff", /ends within a value/],
      ["a map longer than the datagram", "df 7fffffff", /ends within a value/],
      ["a text longer than the datagram", "db ffffffff 61", /ends within a value/],
      ["a byte string longer than the datagram", "c6 ffffffff", /ends within a value/],
      ["a value that was cut", "cb 4037b333", /ends within a value/],
      ["the byte that is never used", "c1", /0xc1 is no MessagePack value/],
      ["a name __proto__", "81 a9 5f5f70726f746f5f5f 01", /__proto__/],
      ["a name __proto__ of 8-bit length", "81 d9 09 5f5f70726f746f5f5f 80", /__proto__/],
      ["a list as a name", "81 90 01", /neither text nor an integer/],
      ["text that is not UTF-8", "a1 ff", /not UTF-8/],
      ["a record definition", "d4 72 40 91 a1 61 01", /type 114 is not accepted/],
      ["a record definition of two bytes", "d5 72 40 00 91 a1 61 01", /type 114 is not accepted/],
      ["a RegExp", "c7 01 78 00 92 a1 61 a0", /type 120 is not accepted/],
      ["an Error", "d4 65 00 93 a1 61 a1 62 c0", /type 101 is not accepted/],
      ["a Set", "d4 73 00 90", /type 115 is not accepted/],
      ["an id for a cycle", "d6 69 00000001 91 d6 70 00000001", /type 105 is not accepted/],
      ["a typed array", "c7 02 74 00 01", /type 116 is not accepted/],
      ["bundled strings", "d6 62 00000001 c0", /type 98 is not accepted/],
      ["a BigInt of any size", "c7 02 42 01 01", /type 66 is not accepted/],
      ["a timestamp of a strange size", "d5 ff 0001", /timestamp of 2 bytes/],
    ],
  },
  {
    name: "cbor",
    decode: createCborDecoder(),
    encode: (value) => cborEncoder.encode(value),
    refused: [
      ["an array longer than the datagram", "9a 01ffffff", /ends within a value/],
      ["an array of 64-bit length", "9b ffffffffffffffff", /ends within a value/],
      ["a map longer than the datagram", "ba 7fffffff", /ends within a value/],
      ["a text longer than the datagram", "7a ffffffff 61", /ends within a value/],
      ["a byte string longer than the datagram", "5a ffffffff", /ends within a value/],
      ["a value that was cut", "fb 4037b333", /ends within a value/],
      ["an indefinite array without an end", "9f 01 02", /ends within a value/],
      ["an indefinite map without an end", "bf 61 61", /ends within a value/],
      ["an indefinite text", "7f 61 61 ff", /indefinite length/],
      ["a break alone", "ff", /0xff is no CBOR value/],
      ["a reserved head", "1c", /0x1c is no CBOR value/],
      ["a simple value without meaning", "f8 ff", /simple value/],
      ["a name __proto__", "a1 69 5f5f70726f746f5f5f 01", /__proto__/],
      ["a name __proto__ in an indefinite map", "bf 69 5f5f70726f746f5f5f a0 ff", /__proto__/],
      ["a list as a name", "a1 80 01", /neither text nor an integer/],
      ["text that is not UTF-8", "61 ff", /not UTF-8/],
      ["a record definition", "d9 dfff 83 19e000 81 61 61 01", /tag 57343 is not accepted/],
      ["a reference to a record", "d9 e000 81 01", /tag 57344 is not accepted/],
      ["a generic object", "d8 1b 83 65 4572726f72 61 61 61 62", /tag 27 is not accepted/],
      ["a shared value that holds itself", "d8 1c 81 d8 1d 00", /tag 28 is not accepted/],
      ["packed values", "d8 33 84 81 01 80 80 c6 00", /tag 51 is not accepted/],
      ["a map of any keys", "d9 0103 a1 01 02", /tag 259 is not accepted/],
      ["a legacy record", "d8 69 83 01 81 61 61 01", /tag 105 is not accepted/],
      ["a bignum of more than 32 bytes", `c2 58 21 ${"ff".repeat(33)}`, /tag 2 is not what/],
      ["a date that is no date", "c0 64 6e6f6f6e", /time that is none/],
      ["a date that is a list", "c0 80", /tag 0 is not what/],
      ["a time that is a text", "c1 61 31", /tag 1 is not what/],
      ["a time beyond all dates", "c1 fb 7fefffffffffffff", /time that is none/],
      ["a decimal fraction of a map", "c4 82 00 a0", /tag 4 is not what/],
      ["a typed array of half an element", "d8 55 43 000000", /tag 85 is not what/],
    ],
  },
];

for (const { name, decode, encode, refused } of formats) {
  describe(`format ${name}`, () => {
    const encoded: readonly Encoded[] = JSON.parse(readFileSync(join(__dirname, `../fixtures/${name}.json`), "utf8"));
    for (const { name: what, hex: bytes, reading } of encoded) {
      it(`reads what Python encodes: ${what}`, () => {
        assert.deepEqual(JSON.parse(JSON.stringify(decode(hex(bytes)))), [reading]);
      });
    }
    for (const [what, bytes, message] of refused) {
      it(`refuses ${what}`, () => assertRefused(decode, hex(bytes), "decode", message));
    }

    it("gives a reading for each of the values that follow one another", () => {
      assert.deepEqual(decode(Buffer.concat([encode({ a: 1 }), encode([2]), encode("3")])), [{ a: 1 }, [2], "3"]);
    });
    it("keeps a byte string as a Buffer", () => {
      assert.deepEqual(decode(encode({ raw: Buffer.from([1, 2]) })), [{ raw: Buffer.from([1, 2]) }]);
    });
    it("takes nesting of 32 and refuses 33 as too deep", () => {
      const nested = (depth: number) =>
        Buffer.from([...new Array(depth - 1).fill(name === "cbor" ? 0x81 : 0x91), name === "cbor" ? 0x80 : 0x90]);
      assert.equal(JSON.stringify(decode(nested(32))), `[${"[".repeat(32)}${"]".repeat(32)}]`);
      assertRefused(decode, nested(33), "depth", /deeper than 32/);
    });
    it("refuses an empty datagram", () => assertRefused(decode, "", "decode", /empty/));
    it("refuses more than 4096 values", () => assertRefused(decode, Buffer.alloc(4097), "decode", /more than 4096/));
    it("refuses more names in a map than any reading has", () => {
      const names = Object.fromEntries(Array.from({ length: 4097 }, (_, i) => [`n${i}`, 0]));
      assertRefused(decode, encode(names), "decode", /more than 4096 fields/);
    });
    it("refuses more empty lists than can be built in time", () => {
      assertRefused(decode, encode(new Array(20_000).fill([])), "decode", /too many small values/);
    });

    it("reads back any JSON value that the library encodes", () => {
      const values = fc.jsonValue({ noUnicodeString: false, maxDepth: 5 }) as fc.Arbitrary<unknown>;
      fc.assert(
        fc.property(values, (value) => {
          fc.pre(!JSON.stringify(value).includes("__proto__"));
          assert.equal(JSON.stringify(decode(encode(value))), JSON.stringify([value]));
        }),
      );
    });
  });
}
