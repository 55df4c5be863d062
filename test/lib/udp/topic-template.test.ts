import assert from "node:assert/strict";
import fc from "fast-check";
import { defaultsOf } from "../../../nodes/lib/config/fields";
import { inEnglish } from "../../../nodes/lib/text/sentence";
import { createDecoder } from "../../../nodes/lib/udp/decoders";
import type { Format } from "../../../nodes/lib/udp/decoders/formats";
import { compileTopic, DEFAULT_TOPIC, templateProblem } from "../../../nodes/lib/udp/topic-template";
import { fields } from "../../../nodes/udp-sensor-in.config";

const SENDER = { address: "192.0.2.7", port: 4711 };

const topic = (template: string, reading: unknown) => compileTopic(template)(reading, SENDER);

/** What is accepted instead, in English; empty for a good template. */
function problemOf(template: string): string {
  const accepted = templateProblem(template);
  return accepted === undefined ? "" : inEnglish(accepted);
}

describe("topic template", () => {
  const cases: [what: string, template: string, reading: unknown, topic: string][] = [
    ["a field", "{sensor}", { sensor: "kitchen" }, "kitchen"],
    ["text around fields", "plant/{line}/x{n}y", { line: "a", n: 5 }, "plant/a/x5y"],
    ["a field inside a field", "{dev.id}/{dev.up}", { dev: { id: 7, up: true } }, "7/true"],
    ["spaces around a name", "{ sensor }", { sensor: "a" }, "a"],
    ["the sender", "{ip}/{port}", {}, "192.0.2.7/4711"],
    ["the sender for {ip}, even if the reading has such a field", "{ip}", { ip: "10.0.0.1" }, "192.0.2.7"],
    ["no field at all", "room/1", 5, "room/1"],
    ["zero and false", "{a}/{b}", { a: 0, b: false }, "0/false"],
    ["the sender for a missing field", "x/{sensor}", {}, "x/192.0.2.7"],
    ["the sender for an empty field", "{sensor}", { sensor: "" }, "192.0.2.7"],
    ["the sender for null", "{sensor}", { sensor: null }, "192.0.2.7"],
    ["the sender for a list", "{sensor}", { sensor: ["a"] }, "192.0.2.7"],
    ["the sender for a number that is none", "{sensor}", { sensor: Number.NaN }, "192.0.2.7"],
    ["the sender for what every object inherits", "{constructor.name}", {}, "192.0.2.7"],
    ["the sender for a reading that is text", "{sensor}", "21.5", "192.0.2.7"],
    ["the sender for an empty template", "", { sensor: "a" }, "192.0.2.7"],
    ["the sender for slashes alone", "{sensor}", { sensor: "//" }, "192.0.2.7"],
    ["the sender for an endless field", "{sensor}", { sensor: "x".repeat(60_000) }, "192.0.2.7"],
    ["levels in a field, without empty ones", "/{sensor}/", { sensor: "/a//b/" }, "a/b"],
    ["no wildcards", "{sensor}", { sensor: "a+/#" }, "a_/_"],
    ["no control characters", "{sensor}", { sensor: "a\0b\nc" }, "a_b_c"],
    ["no halves of surrogate pairs", "{sensor}", { sensor: "a\ud800b😀" }, "a_b😀"],
    ["no topic that a broker keeps for itself", "{sensor}", { sensor: "$SYS/x" }, "_SYS/x"],
    ["the first of the fields that there is", "{sensor|device.id|ip}", { device: { id: 7 }, ip: "x" }, "7"],
    ["the first field that is not empty", "a/{ b | c }", { b: "", c: 0 }, "a/0"],
    ["the sender if there is none of the fields", "{a|b}", { c: 1 }, "192.0.2.7"],
    ["a field called series", "{series}", { series: "s" }, "s"],
    ["a dollar that the template asks for", "$x/{sensor}", { sensor: "a" }, "$x/a"],
  ];
  for (const [what, template, reading, expected] of cases) {
    it(`makes of ${JSON.stringify(template)} ${what}`, () => assert.equal(topic(template, reading), expected));
  }

  describe("of a node that was never edited tells sensors apart", () => {
    const { topic: template, csvColumns: _, ...config } = defaultsOf(fields);
    const byDefault: [format: Format, datagram: string, topic: string][] = [
      ["json", '{"sensor":"kitchen","id":5}', "kitchen"],
      ["json", '{"device":"esp32-1","value":1}', "esp32-1"],
      ["json", '{"id":17,"value":1}', "17"],
      ["json", '{"name":"boiler"}', "boiler"],
      ["json", '{"topic":"plant/boiler","value":1}', "plant/boiler"],
      ["json", "21.5", "192.0.2.7"],
      ["text", "temp 21.5", "192.0.2.7"],
      ["buffer", "21.5", "192.0.2.7"],
      ["keyvalue", "sensor=attic temp=21.5", "attic"],
      ["influx", "weather,site=b,room=attic temp=21.5", "weather/attic/b"],
      ["influx", "weather temp=21.5", "weather"],
      ["nmea", "$GPHDT,274.07,T*03", "GP/HDT"],
      ["statsd", "api.calls:3|c", "api.calls"],
      ["statsd", "api.calls:3|c|#env:live,beta", "api.calls/beta/live"],
      ["osc", "/1/fader3\0\0\0,N\0\0", "1/fader3"],
      ["csv", "kitchen,21.5,°C", "kitchen"],
      ["csv", "21.5,40", "192.0.2.7"],
      ["csv", "2026-01-01T12:00:00Z,21.5", "192.0.2.7"],
      ["csv", "12:30:05,21.5", "192.0.2.7"],
    ];
    for (const [format, datagram, expected] of byDefault) {
      it(`${format}: ${datagram}`, () => {
        const [reading] = createDecoder({ ...config, csvColumns: [], format })(Buffer.from(datagram));
        assert.equal(topic(template, reading), expected);
      });
    }
  });

  it("always makes a legal topic name", () => {
    const templates = fc.constantFrom(
      "{sensor}",
      DEFAULT_TOPIC,
      "a/{sensor}",
      "{sensor}/{value.x}",
      "/{sensor}//{ip}/",
    );
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom("/", "$", "+", "\ud800", "a") }),
    );
    const readings = fc.oneof(
      fc.record({ sensor: fc.oneof(texts, fc.anything()), value: fc.anything() }),
      fc.anything(),
    );
    fc.assert(
      fc.property(templates, readings, (template, reading) => {
        const made = topic(template, reading);
        assert.doesNotMatch(made, /[+#\p{Cc}\p{Cs}]|^\$|^\/|\/\/|\/$/u);
        assert.notEqual(made, "");
      }),
    );
  });

  it("says what is wrong with a template", () => {
    for (const good of ["", "{sensor}", "a/{b.c}/{ip}", "{ a }", "{a|b.c | d}"])
      assert.equal(templateProblem(good), undefined, good);
    assert.match(problemOf("a/{b"), /every \{ has its \}/);
    assert.match(problemOf("a}"), /every \{ has its \}/);
    assert.match(problemOf("{a{b}}"), /every \{ has its \}/);
    assert.match(problemOf("a/#"), /wildcards/);
    assert.match(problemOf("a/{}"), /name of a field/);
    for (const empty of ["a/{b|}", "{|}", "{a||b}"]) assert.match(problemOf(empty), /name of a field/, empty);
    assert.match(problemOf("x".repeat(5000)), /at most 4096/);
  });
});
