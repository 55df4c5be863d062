import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { decodeStatsd } from "../../../../nodes/lib/udp/decoders/statsd/statsd";
import { assertRefused } from "../../../support/decoding";
import { SAMPLES } from "../../../support/sample-datagrams";

const decode = (text: string): readonly unknown[] => decodeStatsd(Buffer.from(text));

describe("StatsD", () => {
  it("reads the examples in the documentation of StatsD and of DogStatsD", () => {
    deepEqual(decodeStatsd(Buffer.concat([...SAMPLES.statsd])), [
      { metric: "gorets", type: "counter", value: 1 },
      { metric: "gorets", type: "counter", value: 1, rate: 0.1 },
      { metric: "glork", type: "timer", unit: "ms", value: 320, rate: 0.1 },
      { metric: "gaugor", type: "gauge", value: 333 },
      { metric: "gaugor", type: "gauge", value: -10, change: true },
      { metric: "gaugor", type: "gauge", value: 4, change: true },
      { metric: "uniques", type: "set", value: "765" },
      { metric: "page.views", type: "counter", value: 1 },
      { metric: "fuel.level", type: "gauge", value: 0.5 },
      { metric: "song.length", type: "histogram", value: 240, rate: 0.5 },
      { metric: "users.uniques", type: "set", value: "1234" },
      { metric: "users.online", type: "counter", value: 1, tags: { country: "china" } },
      { metric: "users.online", type: "counter", value: 1, rate: 0.5, tags: { country: "china" } },
      { metric: "page.views", type: "distribution", value: 1, tags: { env: "dev" } },
      { metric: "page.views", type: "distribution", value: 2, tags: { env: "dev" } },
      { metric: "page.views", type: "distribution", value: 32, tags: { env: "dev" } },
      { metric: "page.views", type: "counter", value: 15, tags: { env: "dev" }, timestamp: 1656581400000 },
    ]);
  });

  it("reads tags with colons, without a value, and none at all", () => {
    deepEqual(decode("a:1|c|#url:http://x,new,,"), [
      { metric: "a", type: "counter", value: 1, tags: { url: "http://x", new: true } },
    ]);
    deepEqual(decode("a:1|c|#"), [{ metric: "a", type: "counter", value: 1, tags: {} }]);
  });
  it("reads what is counted in a set as text, colons included", () => {
    deepEqual(decode("seen:fe80::1|s"), [{ metric: "seen", type: "set", value: "fe80::1" }]);
  });
  it("gives each reading of a line tags of its own", () => {
    const [first, second] = decode("a:1:2|g|#b") as [{ tags: object }, { tags: object }];
    deepEqual(first.tags, second.tags);
    equal(first.tags === second.tags, false);
  });
  it("reads lines that end in any way, with blank ones between", () => {
    equal(decode("a:1|c\r\n\nb:2|g\n").length, 2);
  });
  it("reads back any number", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        deepEqual(decode(`a:${value}|c`), [{ metric: "a", type: "counter", value: Number(String(value)) }]);
      }),
    );
  });

  const refused: [title: string, datagram: string, message: RegExp][] = [
    ["an empty datagram", "", /no line of StatsD/],
    ["a line without a value", "gorets|c", /"gorets\|c" is no metric/],
    ["a line without a name", ":1|c", /is no metric/],
    ["a line without a type", "gorets:1", /is no metric/],
    ["a type that is none", "gorets:1|x", /"x" is no type/],
    ["a name of every object as a type", "gorets:1|constructor", /is no type/],
    ["text as a value", "gorets:many|c", /"many" is no value/],
    ["a value that is no number", "gorets:0x10|c", /"0x10" is no value/],
    ["infinity", "gorets:1e999|c", /"1e999" is no value/],
    ["an empty value", "gorets:|c", /"" is no value/],
    ["an empty value of a set", "uniques:|s", /"" is no value/],
    ["a rate of 0", "gorets:1|c|@0", /"0" is no sample rate/],
    ["a rate above 1", "gorets:1|c|@1.5", /"1.5" is no sample rate/],
    ["what is no part of a metric", "gorets:1|c|maybe", /followed by "maybe"/],
    ["an event of DogStatsD", "_e{5,4}:title|text", /"text" is no type/],
    ["a service check of DogStatsD", "_sc|disk|1", /is no metric/],
    ["a tag __proto__", "a:1|c|#__proto__:x", /__proto__/],
    ["one bad line among good ones", "a:1|c\nb", /"b" is no metric/],
    ["more tags than fields", `a:1|c|#${"b,".repeat(5000)}`, /more than 4096 fields/],
    [
      "many values with many tags",
      `a${":1".repeat(200)}|c|#${Array.from({ length: 200 }, (_, i) => i)}`,
      /too many small/,
    ],
  ];
  for (const [title, datagram, sentence] of refused) {
    it(`refuses ${title}`, () => assertRefused(decodeStatsd, datagram, "decode", sentence));
  }
});
