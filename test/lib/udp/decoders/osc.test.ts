import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import type { OscArgInput, toBuffer } from "osc-min";
import { decodeOsc } from "../../../../nodes/lib/udp/decoders/osc/osc";
import { assertRefused } from "../../../support/decoding";
import { SAMPLES } from "../../../support/sample-datagrams";

/** Each part filled up with zeros to a multiple of four bytes, as a text with one at its end has to be. */
function message(address: string, types: string, ...parts: readonly (string | Buffer)[]): Buffer {
  const padded = [`${address}\0`, `${types}\0`, ...parts].map((part) => {
    const bytes = Buffer.from(part as string);
    return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
  });
  return Buffer.concat(padded);
}

function bundle(timeTag: string, ...elements: readonly Buffer[]): Buffer {
  const sized = elements.flatMap((element) => [hex(element.length.toString(16).padStart(8, "0")), element]);
  return Buffer.concat([Buffer.from("#bundle\0"), hex(timeTag), ...sized]);
}

const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(" ", ""), "hex");
const NOW = "0000000000000001";
const PING = message("/ping", ",");

describe("OSC", () => {
  it("reads the examples of the specification, what TouchOSC and phones send, and a frame of TUIO", () => {
    deepEqual(SAMPLES.osc.flatMap(decodeOsc), [
      { address: "/oscillator/4/frequency", value: 440 },
      { address: "/foo", values: [1000, -1, "hello", 1.234, 5.678] },
      { address: "/1/fader1", value: 0.7173913 },
      { address: "/1/push2", value: 1 },
      { address: "/accxyz", values: [-0.0183, 0.2441, -0.9739] },
      { address: "/tuio/2Dcur", values: ["source", "camera@192.0.2.7"] },
      { address: "/tuio/2Dcur", values: ["alive", 12] },
      { address: "/tuio/2Dcur", values: ["set", 12, 0.5, 0.25, 0, 0, 0] },
      { address: "/tuio/2Dcur", values: ["fseq", 3021] },
      { address: "/a", timestamp: 1767282600500, value: 1 },
      { address: "/b", timestamp: 1767282601250, value: true },
      { address: "/c", timestamp: 1767282601250, values: [] },
      { address: "/d", timestamp: 1767282600500, value: null },
    ]);
  });

  const everyType: [title: string, types: string, bytes: string, expected: unknown][] = [
    ["a number that takes all digits of 32 bits", ",f", "3eaaaaab", 0.3333333432674408],
    ["a number of 64 bits", ",d", "3fb999999999999a", 0.1],
    ["an integer of 64 bits that is exact", ",h", "001fffffffffffff", 9007199254740991],
    ["one that is not, as its digits", ",h", "7fffffffffffffff", "9223372036854775807"],
    ["a time", ",t", "ed011628 80000000", "2026-01-01T15:50:00.500Z"],
    ["no time", ",t", NOW, null],
    ["a symbol", ",S", "6f6e0000", "on"],
    ["a character", ",c", "0001f600", "😀"],
    ["a color", ",r", "ff8000ff", "#ff8000ff"],
    ["a MIDI message", ",m", "00904064", "00904064"],
    ["true, false, null and an impulse", ",TFNI", "", [true, false, null, true]],
    ["lists in lists", ",i[i[s]]i", "00000001 00000002 61000000 00000003", [1, [2, ["a"]], 3]],
    ["bytes, and what stands behind them", ",bi", "00000003 0102ff00 00000007", [Buffer.from([1, 2, 255]), 7]],
    ["no bytes", ",b", "00000000", Buffer.alloc(0)],
  ];
  for (const [title, types, bytes, expected] of everyType) {
    it(`reads ${title}`, () => {
      const [reading] = decodeOsc(message("/a", types, hex(bytes)));
      const { value, values } = reading as { value?: unknown; values?: unknown };
      deepEqual(Array.isArray(expected) ? values : value, expected);
    });
  }

  it("reads a message without types, as old programs send it, if it has no arguments either", () => {
    deepEqual(decodeOsc(Buffer.from("/a\0\0")), [{ address: "/a", values: [] }]);
  });
  it("reads bundles as deep as JSON", () => {
    let nested = PING;
    for (let depth = 0; depth < 32; depth++) nested = bundle(NOW, nested);
    deepEqual(decodeOsc(nested), [{ address: "/ping", values: [] }]);
    assertRefused(decodeOsc, bundle(NOW, nested), "depth", /deeper than 32/);
  });
  it("finds no reading in an empty bundle", () => equal(decodeOsc(bundle(NOW)).length, 0));

  const refused: [title: string, datagram: Buffer | string, message: RegExp][] = [
    ["an empty datagram", "", /is empty/],
    ["an address without a slash", message("a", ","), /"a" is no address/],
    ["a text without an end", "/abc", /ends within a value/],
    ["a text whose padding is missing", "/a\0", /ends within a value/],
    ["text that is not UTF-8", Buffer.concat([hex("2fff0000"), Buffer.from(",\0\0\0")]), /not UTF-8/],
    ["types that do not begin with a comma", message("/a", "i", hex("00000001")), /types .* are missing/],
    ["a type that is not known", message("/a", ",x"), /"x" is no type/],
    ["an argument that is cut off", message("/a", ",ii", hex("00000001")), /ends within a value/],
    ["bytes that are cut off", message("/a", ",b", hex("00000009 0102")), /ends within a value/],
    ["more bytes than the message has", message("/a", ",i", hex("00000001 00000002")), /more bytes/],
    ["a list that is not closed", message("/a", ",[i", hex("00000001")), /without its other half/],
    ["a list that was not opened", message("/a", ",i]", hex("00000001")), /without its other half/],
    ["half of a character", message("/a", ",c", hex("0000d800")), /not UTF-8/],
    ["a bundle without its time", "#bundle\0\0\0", /ends within a value/],
    ["an element longer than its bundle", Buffer.concat([bundle(NOW), hex("00000064")]), /ends within a value/],
    ["an element that its message goes beyond", Buffer.concat([bundle(NOW), hex("00000004"), PING]), /ends within/],
    ["a message of a bundle that is none", bundle(NOW, PING, message("a", ",")), /"a" is no address/],
  ];
  for (const [title, datagram, sentence] of refused) {
    it(`refuses ${title}`, () => assertRefused(decodeOsc, datagram, "decode", sentence));
  }
  it("refuses lists that are nested too deep", () => {
    assertRefused(decodeOsc, message("/a", `,${"[".repeat(31)}${"]".repeat(31)}`), "depth", /deeper than 32/);
    equal(decodeOsc(message("/a", `,${"[".repeat(30)}${"]".repeat(30)}`)).length, 1);
  });
});

describe("OSC as another implementation writes it", () => {
  let write: typeof toBuffer;

  before(async () => {
    ({ toBuffer: write } = await import("osc-min"));
  });

  const text = fc.string({ unit: "grapheme" }).filter((each) => !each.includes("\0"));
  const argument: fc.Arbitrary<[sent: OscArgInput, expected: unknown]> = fc.oneof(
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((value) => [{ type: "integer", value }, value] as const),
    fc.double({ noNaN: true }).map((value) => [{ type: "double", value }, value] as const),
    text.map((value) => [{ type: "string", value }, value] as const),
    fc.boolean().map((value) => [value, value] as const),
    fc.uint8Array().map((bytes) => [{ type: "blob", value: new DataView(bytes.buffer) }, Buffer.from(bytes)] as const),
  ) as fc.Arbitrary<[OscArgInput, unknown]>;

  it("is read back, whatever it holds", () => {
    fc.assert(
      fc.property(text, fc.array(argument, { minLength: 2 }), (name, list) => {
        const view = write({ address: `/${name}`, args: list.map(([sent]) => sent) });
        deepEqual(decodeOsc(Buffer.from(view.buffer, view.byteOffset, view.byteLength)), [
          { address: `/${name}`, values: list.map(([, expected]) => expected) },
        ]);
      }),
    );
  });
  it("keeps each number of 32 bits, and writes it as short as it is", () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const view = write({ address: "/a", args: [{ type: "float", value }] });
        const [reading] = decodeOsc(Buffer.from(view.buffer)) as [{ value: number }];
        equal(Math.fround(reading.value), value);
      }),
    );
  });
});
