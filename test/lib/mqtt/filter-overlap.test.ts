import assert from "node:assert/strict";
import fc from "fast-check";
import { overlaps } from "../../../nodes/lib/mqtt/filter-overlap";
import { GroupTable } from "../../../nodes/lib/ws/hub/group-table";
import { ReadingLog } from "../../../nodes/lib/ws/hub/log/reading-log";
import { Topic } from "../../../nodes/lib/ws/hub/log/topic";
import { LogMatches } from "../../../nodes/lib/ws/hub/log-matches";

const LEVELS = ["a", "b", "", "$s"];
const level = fc.constantFrom(...LEVELS);
const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join("/"));
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant("+")), { maxLength: 3 }), fc.boolean())
  .map(([levels, hash]) => (hash ? [...levels, "#"] : levels).join("/"))
  .filter((text) => text !== "");
const filters = fc.array(filter, { minLength: 1, maxLength: 4 });

/** Which topics the hub gives a client that asks for some and may read some. */
function topicMatcher(own: readonly string[], granted: readonly string[] | undefined): (topic: string) => boolean {
  const log = new LogMatches(new ReadingLog(1024, () => undefined));
  const group = new GroupTable().groupOf({ filters: own, granted, envelope: undefined }, log);
  return (topic) => group.matches(new Topic(topic));
}

/** MQTT 5.0, section 4.7, written down word by word. */
function bruteForce(filter: string, topic: string): boolean {
  if (topic.startsWith("$") && /^[+#]/.test(filter)) return false;
  const pattern = filter.split("/").map((part) => (part === "+" ? "[^/]*" : part.replace(/[$]/g, "\\$&")));
  const hasHash = pattern.at(-1) === "#";
  if (hasHash) pattern.pop();
  const levels = pattern.join("/");
  if (!hasHash) return new RegExp(`^${levels}$`).test(topic);
  return pattern.length === 0 || new RegExp(`^${levels}(/.*)?$`).test(topic);
}

function anyMatches(filters: readonly string[], topic: string): boolean {
  return filters.some((filter) => bruteForce(filter, topic));
}

function topicsUpTo(depth: number): string[] {
  if (depth === 1) return LEVELS;
  const shorter = topicsUpTo(depth - 1);
  return [...LEVELS, ...shorter.flatMap((rest) => LEVELS.map((first) => `${first}/${rest}`))];
}

describe("topic grant", () => {
  it("gives a topic that matches an own filter and a granted one", () => {
    const matches = topicMatcher(["plant/+/temp"], ["plant/1/#", "weather"]);
    assert.equal(matches("plant/1/temp"), true);
    assert.equal(matches("plant/2/temp"), false);
    assert.equal(matches("plant/1/humidity"), false);
    assert.equal(matches("weather"), false);
  });

  it("gives all that is granted to who asks for nothing special, and nothing else", () => {
    const matches = topicMatcher([], ["weather/#"]);
    assert.equal(matches("weather"), true);
    assert.equal(matches("plant"), false);
    assert.equal(topicMatcher([], [])("weather"), false);
    assert.equal(topicMatcher(["weather"], undefined)("weather"), true);
    assert.equal(topicMatcher([], undefined)("$SYS/x"), true);
  });

  it("does not take # for a grant of $-topics", () => {
    assert.equal(topicMatcher([], ["#"])("$SYS/uptime"), false);
    assert.equal(topicMatcher(["$SYS/#"], ["+/uptime"])("$SYS/uptime"), false);
    assert.equal(topicMatcher(["$SYS/+"], ["$SYS/#"])("$SYS/uptime"), true);
  });

  it("agrees with brute force for any filters, grant and topic", () => {
    fc.assert(
      fc.property(filters, filters, topic, (own, granted, topic) => {
        const expected = anyMatches(own, topic) && anyMatches(granted, topic);
        assert.equal(topicMatcher(own, granted)(topic), expected);
      }),
      { numRuns: 1000 },
    );
  });

  it("never shows two tenants a topic of the other", () => {
    fc.assert(
      fc.property(filters, topic, (own, topic) => {
        const mine = topicMatcher(own, ["a/#"])(topic);
        const theirs = topicMatcher(own, ["b/#"])(topic);
        assert.ok(!(mine && theirs));
        if (mine) assert.match(topic, /^a(\/|$)/);
      }),
    );
  });

  it("knows whether any topic can match both", () => {
    assert.equal(overlaps(["plant/+"], ["+/temp"]), true);
    assert.equal(overlaps(["plant/#"], ["plant"]), true);
    assert.equal(overlaps(["plant/+"], ["plant"]), false);
    assert.equal(overlaps(["weather"], ["plant/#"]), false);
    assert.equal(overlaps(["$SYS/#"], ["#"]), false);
    assert.equal(overlaps([], ["plant"]), true);
    assert.equal(overlaps([], []), false);
  });

  it("agrees with trying all topics on whether any can match both", () => {
    const topics = topicsUpTo(4);
    fc.assert(
      fc.property(filters, filters, (own, granted) => {
        const expected = topics.some((topic) => anyMatches(own, topic) && anyMatches(granted, topic));
        assert.equal(overlaps(own, granted), expected);
      }),
      { numRuns: 500 },
    );
  });
});
