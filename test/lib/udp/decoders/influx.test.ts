import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { createInfluxDecoder, looksLikeInflux } from "../../../../nodes/lib/udp/decoders/influx/influx";
import { assertRefused } from "../../../support/decoding";

const decode = createInfluxDecoder({ precision: "ns" });
const SAMPLES = readFileSync(join(__dirname, "../fixtures/influx.txt"));

function fieldsOf(fields: string): unknown {
  const [reading] = decode(Buffer.from(`m ${fields}`));
  return (reading as { fields: unknown }).fields;
}

describe("format influx", () => {
  it("reads the samples of InfluxDB's documentation and of Telegraf", () => {
    const timestamp = 1465839830100.4001;
    const [minimal, full, bare, escaped, quoted, cpu, mem, ...others] = decode(SAMPLES);
    assert.deepEqual(minimal, {
      measurement: "weather",
      tags: { location: "us-midwest" },
      fields: { temperature: 82 },
      timestamp,
    });
    assert.deepEqual(full, {
      measurement: "weather",
      tags: { location: "us-midwest", season: "summer" },
      fields: { temperature: 82, humidity: 71 },
      timestamp,
    });
    assert.deepEqual(bare, { measurement: "weather", tags: {}, fields: { temperature: 82 } });
    assert.deepEqual(escaped, {
      measurement: "weather",
      tags: { "location place": "us-midwest" },
      fields: { "temperature=rising": "too warm" },
      timestamp,
    });
    assert.deepEqual(quoted, {
      measurement: "wea,ther",
      tags: { location: "us-midwest" },
      fields: { temperature: 'a "quoted" \\ word' },
      timestamp,
    });
    assert.deepEqual(cpu, {
      measurement: "cpu",
      tags: { cpu: "cpu-total", host: "edge-1" },
      fields: { usage_user: 2.0408163264927714, usage_system: 0.5102040816324351, usage_idle: 97.4489795918305 },
      timestamp: 1700000000000,
    });
    assert.deepEqual(mem, {
      measurement: "mem",
      tags: { host: "edge-1" },
      fields: { total: 4125597696, used_percent: 13.38, low: false, high: true },
      timestamp: 1700000000000,
    });
    assert.equal(others.length, 0);
  });

  for (const [precision, written] of [
    ["ns", "1700000000123000000"],
    ["us", "1700000000123000"],
    ["ms", "1700000000123"],
  ] as const) {
    it(`reads timestamps in ${precision}`, () => {
      assert.deepEqual(createInfluxDecoder({ precision })(Buffer.from(`m v=1 ${written}`)), [
        { measurement: "m", tags: {}, fields: { v: 1 }, timestamp: 1700000000123 },
      ]);
    });
  }
  it("reads timestamps in s, also before 1970", () => {
    const [, before] = createInfluxDecoder({ precision: "s" })(Buffer.from("m v=1 1700000000\nm v=1 -10"));
    assert.deepEqual(before, { measurement: "m", tags: {}, fields: { v: 1 }, timestamp: -10_000 });
  });

  it("keeps integers of 64 bits exact", () => {
    assert.deepEqual(
      fieldsOf("a=9007199254740991i,b=9007199254740993i,c=-9223372036854775808i,d=18446744073709551615u"),
      {
        a: 9007199254740991,
        b: "9007199254740993",
        c: "-9223372036854775808",
        d: "18446744073709551615",
      },
    );
  });
  it("reads every way to write a boolean", () => {
    assert.deepEqual(fieldsOf("a=t,b=T,c=true,d=True,e=TRUE,f=f,g=F,h=false,i=False,j=FALSE"), {
      a: true,
      b: true,
      c: true,
      d: true,
      e: true,
      f: false,
      g: false,
      h: false,
      i: false,
      j: false,
    });
  });
  it("reads floats in any notation", () => {
    assert.deepEqual(fieldsOf("a=1,b=1.0,c=-1.234456e+78,d=1.0E3,e=.5"), {
      a: 1,
      b: 1,
      c: -1.234456e78,
      d: 1000,
      e: 0.5,
    });
  });
  it("keeps a backslash that escapes nothing, and line breaks within quotes", () => {
    assert.deepEqual(fieldsOf(String.raw`path="C:\temp",a\b=1`), { path: String.raw`C:\temp`, "a\\b": 1 });
    assert.deepEqual(fieldsOf('text="two\nlines"'), { text: "two\nlines" });
  });

  const refused: [what: string, line: string, message: RegExp][] = [
    ["no field", "weather", /a field is not name=value/],
    ["no measurement", ",a=b v=1", /without a measurement/],
    ["a tag without value", "m,a= v=1", /tag "a" has no value/],
    ["a field without value", "m v=", /"" is no value/],
    ["bare text as a value", "m v=warm", /"warm" is no value/],
    ["an integer beyond 64 bits", "m v=9223372036854775808i", /no value/],
    ["a negative unsigned integer", "m v=-1u", /no value/],
    ["a number beyond a float", "m v=1e999", /no value/],
    ["NaN", "m v=NaN", /no value/],
    ["a quote that is not closed", 'm v="x', /not closed/],
    ["text behind a quote", 'm v="x"y', /no timestamp/],
    ["a timestamp with a fraction", "m v=1 1.5", /"1.5" is no timestamp/],
    ["more behind the timestamp", "m v=1 1 1", /no timestamp/],
    ["a tag __proto__", "m,__proto__=1 v=1", /__proto__/],
    ["a field __proto__", "m __proto__=1", /__proto__/],
    ["comments alone", "# nothing\n", /no line/],
  ];
  for (const [what, line, message] of refused) {
    it(`refuses ${what}`, () => assertRefused(decode, line, "decode", message));
  }

  it("reads back any names and texts that are escaped as the protocol says", () => {
    const names = fc.string({ minLength: 1 }).filter((name) => !/[\r\n]|^\s|^#|\s$|__proto__/.test(name));
    const escaped = (name: string) => name.replace(/[\\, =]/g, "\\$&");
    fc.assert(
      fc.property(names, names, names, names, fc.string(), (measurement, tag, tagValue, field, text) => {
        const line = `${escaped(measurement)},${escaped(tag)}=${escaped(tagValue)} ${escaped(field)}="${text.replace(/[\\"]/g, "\\$&")}" 1`;
        const [reading] = decode(Buffer.from(line));
        assert.deepEqual(reading, {
          measurement,
          tags: { [tag]: tagValue },
          fields: { [field]: text },
          timestamp: 1e-6,
        });
      }),
    );
  });
});

describe("line protocol in format auto", () => {
  for (const text of [
    "m,host=a v=1",
    "m,host=a,b=c v=1i,w=2 1700000000000000000\n",
    "m v=1,w=2 1700000000",
    'm v="a b" 1700000000000\nm',
  ]) {
    it(`is unmistakable as ${JSON.stringify(text)}`, () => assert.equal(looksLikeInflux(text), true));
  }
  for (const text of [
    "hello",
    "temp is=21",
    "temp=21 hum=40",
    "m v=1",
    "a=1,b=2 c=3",
    "{}",
    "# m,a=b v=1",
    "one, two=3 four=5",
  ]) {
    it(`is not seen in ${JSON.stringify(text)}`, () => assert.equal(looksLikeInflux(text), false));
  }
});
