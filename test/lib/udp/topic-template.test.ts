import assert from "node:assert/strict";
import fc from "fast-check";
import { inEnglish } from "../../../nodes/lib/text/sentence";
import { compileTopic, templateProblem } from "../../../nodes/lib/udp/topic-template";

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
    ["a dollar that the template asks for", "$x/{sensor}", { sensor: "a" }, "$x/a"],
  ];
  for (const [what, template, reading, expected] of cases) {
    it(`makes of ${JSON.stringify(template)} ${what}`, () => assert.equal(topic(template, reading), expected));
  }

  it("always makes a legal topic name", () => {
    const templates = fc.constantFrom("{sensor}", "a/{sensor}", "{sensor}/{value.x}", "/{sensor}//{ip}/");
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
    for (const good of ["", "{sensor}", "a/{b.c}/{ip}", "{ a }"]) assert.equal(templateProblem(good), undefined, good);
    assert.match(problemOf("a/{b"), /every \{ has its \}/);
    assert.match(problemOf("a}"), /every \{ has its \}/);
    assert.match(problemOf("{a{b}}"), /every \{ has its \}/);
    assert.match(problemOf("a/#"), /wildcards/);
    assert.match(problemOf("a/{}"), /name of a field/);
    assert.match(problemOf("x".repeat(5000)), /at most 4096/);
  });
});
