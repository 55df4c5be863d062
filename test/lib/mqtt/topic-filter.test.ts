import assert from "node:assert/strict";
import fc from "fast-check";
import { FilterTree, filterError, matchesAny } from "../../../nodes/lib/mqtt/topic-filter";
import { inEnglish } from "../../../nodes/lib/text/sentence";

describe("topic filter", () => {
  // Examples of MQTT 5.0, section 4.7, and the corners around them.
  const cases: [filter: string, topic: string, matches: boolean][] = [
    ["sport/tennis/player1/#", "sport/tennis/player1", true],
    ["sport/tennis/player1/#", "sport/tennis/player1/ranking", true],
    ["sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true],
    ["sport/#", "sport", true],
    ["#", "any/thing", true],
    ["#", "", true],
    ["sport/tennis/+", "sport/tennis/player1", true],
    ["sport/tennis/+", "sport/tennis/player1/ranking", false],
    ["sport/+", "sport", false],
    ["sport/+", "sport/", true],
    ["+/+", "/finance", true],
    ["/+", "/finance", true],
    ["+", "/finance", false],
    ["#", "$SYS/monitor", false],
    ["+/monitor/Clients", "$SYS/monitor/Clients", false],
    ["$SYS/#", "$SYS/monitor", true],
    ["$SYS/monitor/+", "$SYS/monitor/Clients", true],
    ["a/$b", "a/$b", true],
    ["a/+", "a/$b", true],
    ["a", "A", false],
    ["a b", "a b", true],
    ["__proto__", "__proto__", true],
    ["a", "__proto__", false],
  ];
  for (const [filter, topic, matches] of cases) {
    it(`${filter} ${matches ? "matches" : "does not match"} ${topic || "the empty topic"}`, () => {
      assert.equal(matchesAny([filter], topic), matches);
    });
  }

  for (const filter of [
    "",
    "a#",
    "a/#/b",
    "#/#",
    "sport+",
    "a/+b/c",
    "a\0b",
    "$share/group/a",
    "a".repeat(65536),
    "+/".repeat(200),
  ]) {
    it(`refuses ${filter.length > 20 ? `one of ${filter.length} characters` : JSON.stringify(filter)}`, () => {
      const error = filterError(filter);
      assert.match(error === undefined ? "" : inEnglish(error), /^(must not|may have)/);
    });
  }

  it("accepts what matches at all", () => {
    for (const [filter] of cases) assert.equal(filterError(filter), undefined);
  });

  it("finds the same holders as trying every filter, also after removals", () => {
    const level = fc.constantFrom("a", "b", "$c", "");
    const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join("/"));
    const filter = fc
      .tuple(fc.array(fc.oneof(level, fc.constant("+")), { minLength: 1, maxLength: 4 }), fc.boolean())
      .map(([levels, hash]) => levels.join("/") + (hash ? "/#" : ""))
      .filter((text) => text !== "");
    fc.assert(
      fc.property(fc.array(filter), fc.array(filter), topic, (kept, removed, name) => {
        const tree = new FilterTree<string>();
        for (const text of [...removed, ...kept]) tree.add(text, text);
        for (const text of removed) if (!kept.includes(text)) tree.remove(text, text);
        assert.deepEqual(
          [...tree.holdersOf(name)].sort(),
          [...new Set(kept)].filter((text) => matches(text, name)).sort(),
        );
      }),
    );
  });
});

/** The specification, read aloud. */
function matches(filter: string, topic: string): boolean {
  if (topic.startsWith("$") && /^[+#]/.test(filter)) return false;
  const levels = topic.split("/");
  const wanted = filter.split("/");
  const isOpen = wanted.at(-1) === "#";
  if (isOpen) wanted.pop();
  if (isOpen ? levels.length < wanted.length : levels.length !== wanted.length) return false;
  return wanted.every((name, index) => name === "+" || name === levels[index]);
}
