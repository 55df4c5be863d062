import assert from "node:assert/strict";
import fc from "fast-check";
import type { Decoder } from "../../../../nodes/lib/udp/decoders/decoder";
import { createStructDecoder } from "../../../../nodes/lib/udp/decoders/struct/struct";
import { parseStructTemplate, type SavedStructField } from "../../../../nodes/lib/udp/decoders/struct/struct-template";
import { assertRefused } from "../../../support/decoding";

const decoderOf = (template: readonly SavedStructField[]): Decoder =>
  createStructDecoder(parseStructTemplate(template, "structTemplate"));
const decode = (template: readonly SavedStructField[], hex: string) =>
  decoderOf(template)(Buffer.from(hex.replaceAll(" ", ""), "hex"));

describe("in a binary record", () => {
  it("bits share a number, from the lowest one on", () => {
    const template = [
      { name: "on", type: "u8:1" },
      { name: "mode", type: "u8:3" },
      { name: "level", type: "u8:4", scale: 10 },
      { name: "next", type: "u8" },
    ];
    assert.deepEqual(decode(template, "5b 07"), [{ on: 1, mode: 5, level: 50, next: 7 }]);
  });

  it("bits of big endian numbers are taken from the highest one on", () => {
    const bits = (name: string, length: number) => ({ name, type: `u16:${length}`, endianness: "big" });
    assert.deepEqual(decode([bits("version", 4), bits("flags", 2), bits("rest", 10)], "6803"), [
      { version: 6, flags: 2, rest: 3 },
    ]);
  });

  it("bits that do not fit into the number any more begin another one", () => {
    assert.deepEqual(
      decode(
        [
          { name: "a", type: "u8:5" },
          { name: "b", type: "u8:5" },
        ],
        "ff 01",
      ),
      [{ a: 31, b: 1 }],
    );
    assert.deepEqual(
      decode(
        [
          { name: "a", type: "u32:32" },
          { name: "b", type: "u8:1" },
        ],
        "ffffffff 01",
      ),
      [{ a: 0xffff_ffff, b: 1 }],
    );
  });

  it("bits put together are the number again", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xffff_ffff }),
        fc.integer({ min: 1, max: 31 }),
        fc.constantFrom("little", "big"),
        (number, cut, endianness) => {
          const bytes = Buffer.alloc(4);
          if (endianness === "big") bytes.writeUInt32BE(number);
          else bytes.writeUInt32LE(number);
          const bits = (name: string, length: number) => ({ name, type: `u32:${length}`, endianness });
          const [reading] = decoderOf([bits("first", cut), bits("second", 32 - cut)])(bytes);
          const { first, second } = reading as { first: number; second: number };
          const together = endianness === "big" ? first * 2 ** (32 - cut) + second : second * 2 ** cut + first;
          assert.equal(together, number);
        },
      ),
    );
  });

  it("text ends with a zero byte or its place", () => {
    const template = [
      { name: "id", type: "text:6" },
      { name: "unit", type: "text:3" },
    ];
    assert.deepEqual(decode(template, `${Buffer.from("kit\0xx").toString("hex")} c2b043`), [{ id: "kit", unit: "°C" }]);
    assertRefused(decoderOf(template), Buffer.alloc(9, 0xff), "decode", /not UTF-8/);
  });

  it("padding only takes its place", () => {
    assert.deepEqual(decode([{ type: "pad:3" }, { name: "a", type: "u8" }], "000000 07"), [{ a: 7 }]);
    assertRefused(decoderOf([{ name: "a", type: "u8" }, { type: "pad:3" }]), Buffer.alloc(3), "decode", /needs 4/);
  });

  it("a constant has to be there", () => {
    const template = [{ type: "const:55 AA" }, { name: "a", type: "u8" }, { name: "kind", type: "const:01" }];
    assert.deepEqual(decode(template, "55aa 07 01"), [{ a: 7, kind: "01" }]);
    assertRefused(decoderOf(template), Buffer.from("55ab0701", "hex"), "decode", /bytes at 0 are 55ab, not 55aa$/);
    assertRefused(decoderOf(template), Buffer.from("55aa0702", "hex"), "decode", /bytes at 3 are 02, not 01$/);
  });

  describe("what is repeated", () => {
    const template = [
      { type: "const:aa" },
      { name: "station", type: "u8" },
      { type: "repeat" },
      { name: "channel", type: "u8" },
      { name: "value", type: "i16", unit: "mV" },
    ];

    it("is a reading each time, with what comes before it, to the end of the datagram", () => {
      const units = { value: "mV" };
      assert.deepEqual(decode(template, "aa 09 01 0500 02 ffff"), [
        { station: 9, channel: 1, value: 5, units },
        { station: 9, channel: 2, value: -1, units },
      ]);
    });

    it("is refused if the datagram ends within it", () => {
      assertRefused(decoderOf(template), Buffer.from("aa0901050002ff", "hex"), "decode", /7 bytes, but .* needs 8/);
    });

    it("may be there no time, which is no reading", () => assert.deepEqual(decode(template, "aa 09"), []));

    it("is refused if it makes too many readings", () => {
      const bytes = decoderOf([{ type: "repeat" }, { name: "a", type: "u8" }]);
      assertRefused(bytes, Buffer.alloc(4097), "decode", /more than 4096 readings/);
    });
  });

  it("units are an object of their own in each reading", () => {
    const [first, second] = decode([{ type: "repeat" }, { name: "a", type: "u8", unit: "V" }], "01 02") as {
      units: object;
    }[];
    assert.deepEqual([first?.units, second?.units], [{ a: "V" }, { a: "V" }]);
    assert.notEqual(first?.units, second?.units);
  });
});
