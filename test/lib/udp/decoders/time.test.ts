import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeOsc } from "../../../../nodes/lib/udp/decoders/osc/osc";
import { decodeStatsd } from "../../../../nodes/lib/udp/decoders/statsd/statsd";
import { compileTimeField, readTime } from "../../../../nodes/lib/udp/decoders/time";
import { SAMPLES } from "../../../support/sample-datagrams";

const NOON = Date.UTC(2026, 2, 1, 12);

describe("a time that a sensor sent", () => {
  const accepted: [what: string, value: unknown, time: number][] = [
    ["seconds", NOON / 1e3, NOON],
    ["seconds with a fraction", NOON / 1e3 + 0.25, NOON + 250],
    ["milliseconds", NOON, NOON],
    ["microseconds", NOON * 1e3, NOON],
    ["nanoseconds", NOON * 1e6, NOON],
    ["seconds as text", String(NOON / 1e3), NOON],
    ["nanoseconds as text", `${NOON}000001`, NOON],
    ["ISO 8601 in UTC", "2026-03-01T12:00:00Z", NOON],
    ["ISO 8601 with milliseconds", "2026-03-01T12:00:00.250Z", NOON + 250],
    ["ISO 8601 with nanoseconds and a comma", "2026-03-01T12:00:00,250999999Z", NOON + 250],
    ["ISO 8601 east of Greenwich", "2026-03-01T17:30:00+05:30", NOON],
    ["ISO 8601 west of Greenwich", "2026-03-01 07:00:00-0500", NOON],
    ["ISO 8601 without a zone, as UTC", "2026-03-01T12:00", NOON],
    ["a date, as its midnight", "2026-03-01", NOON - 12 * 3_600_000],
    ["a leap day", "2024-02-29", Date.UTC(2024, 1, 29)],
  ];
  for (const [what, value, time] of accepted) {
    it(`reads ${what}`, () => assert.equal(readTime(value), time));
  }

  for (const value of ["", "noon", "12:00", "2026-02-30", "2026-13-01", "2026-03-01T25:00", "0x7fffffffff", "1e12"]) {
    it(`takes the text ${JSON.stringify(value)} for no time`, () => assert.equal(readTime(value), undefined));
  }
  for (const value of [
    0,
    -1,
    86_400_000,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e21,
    null,
    undefined,
    true,
    {},
    [NOON],
  ]) {
    it(`takes the value ${String(JSON.stringify(value))} for no time`, () => assert.equal(readTime(value), undefined));
  }

  it("reads back whatever JavaScript writes as ISO 8601", () => {
    const dates = fc.date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true });
    fc.assert(fc.property(dates, (date) => assert.equal(readTime(date.toISOString()), date.getTime())));
  });
});

describe("the time of a reading without a time field", () => {
  const timeOf = compileTimeField("");

  it("is that of OSC's bundle, in whole milliseconds", () => {
    assert.deepEqual(SAMPLES.osc.flatMap(decodeOsc).slice(-2).map(timeOf), [1767282601250, 1767282600500]);
  });
  it("is that of StatsD, where there is one", () => {
    const times = [...decodeStatsd(Buffer.from("a:1|c|T1656581400")), ...decodeStatsd(Buffer.from("a:1|c"))].map(
      timeOf,
    );
    assert.deepEqual(times, [1656581400000, undefined]);
  });
  it("is none where something else is called timestamp, or a clock was not set", () => {
    const bundle = Buffer.from("#bundle\0\0\0\x0f\xa0\0\0\0\0\0\0\0\x08/a\0\0,\0\0\0", "latin1");
    const readings = [{ timestamp: NOON }, { address: "a street", timestamp: NOON }, ...decodeOsc(bundle)];
    assert.deepEqual(readings.map(timeOf), [undefined, undefined, undefined]);
  });
});
