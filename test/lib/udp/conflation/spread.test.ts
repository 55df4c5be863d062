import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import type { NumberRange } from "../../../../nodes/lib/udp/conflation/number-range";
import { Spread } from "../../../../nodes/lib/udp/conflation/spread";

const mean = (range: NumberRange): unknown => range.mean;
const minmax = ({ min, max }: NumberRange): unknown => ({ min, max });

function spreadOf(...payloads: readonly unknown[]): Spread {
  const spread = new Spread();
  for (const payload of payloads) spread.add(payload);
  return spread;
}

const meanOf = (...payloads: readonly unknown[]): unknown => spreadOf(...payloads).result(payloads.at(-1), mean);

describe("numbers of several readings", () => {
  it("are those of readings that are numbers", () => equal(meanOf(20, 21, 25), 22));
  it("are taken field by field, inside of objects and lists, too", () => {
    deepEqual(meanOf({ t: 20, in: { v: [1, 10] } }, { t: 22, in: { v: [3, 20] } }), { t: 21, in: { v: [2, 15] } });
  });
  it("leave text, booleans and bytes as the newest reading has them", () => {
    const bytes = Buffer.from("b");
    deepEqual(meanOf({ s: "a", on: true, b: Buffer.from("a"), t: 1 }, { s: "b", on: false, b: bytes, t: 3 }), {
      s: "b",
      on: false,
      b: bytes,
      t: 2,
    });
    for (const payload of ["warm", true, null]) equal(meanOf("cold", payload), payload);
  });
  it("are of the readings that have them: others lack the field, or have null or no finite number there", () => {
    deepEqual(meanOf({ t: 20, h: 40 }, { t: 22 }, { h: 50 }, { t: null, h: Number.NaN }), { t: 21, h: 45 });
  });
  it("keep no field that an older reading had, unless it is a number", () => {
    deepEqual(meanOf({ note: "x", list: ["a"], empty: {}, t: 1 }, { t: 3 }), { t: 2 });
  });
  it("begin anew where a field was something else", () => {
    deepEqual(meanOf({ v: 1 }, { v: "fault" }), { v: "fault" });
    deepEqual(meanOf({ v: 1 }, { v: "fault" }, { v: 5 }, { v: 7 }), { v: 6 });
    deepEqual(meanOf({ v: [1, 2] }, { v: [3] }), { v: [3] });
    deepEqual(meanOf({ v: { a: 1 } }, { v: 2 }), { v: 2 });
  });
  it("can be replaced by their extremes", () => {
    const payloads = [{ t: 3, unit: "C" }, { t: -1 }, { t: 2, unit: "K" }];
    deepEqual(spreadOf(...payloads).result(payloads.at(-1), minmax), { t: { min: -1, max: 3 }, unit: "K" });
  });
  it("change nothing in the readings", () => {
    const reading = Object.freeze({ t: 1, in: Object.freeze({ v: Object.freeze([1]) }) });
    deepEqual(meanOf(reading, reading), reading);
  });

  it("have equal numbers as their mean exactly, and any mean between the extremes", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 1, max: 50 }), (value, n) => {
        ok(meanOf(...Array.from({ length: n }, () => value)) === value);
      }),
    );
    const numbers = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 });
    fc.assert(
      fc.property(numbers, (list) => {
        const exact = list.reduce((sum, value) => sum + value, 0) / list.length;
        ok(Math.abs((meanOf(...list) as number) - exact) < 1e-5);
      }),
    );
  });

  it("take as much memory as what is held of them, whatever came before", () => {
    const leaf = fc.oneof(fc.integer(), fc.string(), fc.constant(null));
    const { payload } = fc.letrec((tie) => ({
      payload: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.array(tie("payload"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom("a", "b", "c"), tie("payload")).map((object) => ({ ...object })),
      ),
    }));
    fc.assert(
      fc.property(fc.array(payload, { maxLength: 20 }), (list) => {
        const spread = spreadOf(...list, "text");
        equal(spread.bytes, 0);
        for (const each of list) spread.add(each);
        equal(spread.bytes, spreadOf(...list).bytes);
      }),
    );
  });
});
