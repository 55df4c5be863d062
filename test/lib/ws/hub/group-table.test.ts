import assert from "node:assert/strict";
import fc from "fast-check";
import { matchesAny } from "../../../../nodes/lib/mqtt/topic-filter";
import { SharedGrant } from "../../../../nodes/lib/ws/hub/grant-table";
import { GroupTable } from "../../../../nodes/lib/ws/hub/group-table";
import { ReadingLog } from "../../../../nodes/lib/ws/hub/log/reading-log";
import { Topic } from "../../../../nodes/lib/ws/hub/log/topic";
import { LogMatches } from "../../../../nodes/lib/ws/hub/log-matches";
import type { Interest } from "../../../../nodes/lib/ws/hub/subscription";
import type { SubscriptionGroup } from "../../../../nodes/lib/ws/hub/subscription-group";

const LOG = new LogMatches(new ReadingLog(1024, () => undefined));
const LEVELS = ["a", "b", "$s", "+", "#"];
const filter = fc
  .array(fc.constantFrom(...LEVELS), { minLength: 1, maxLength: 3 })
  .map((levels) => levels.slice(0, levels.indexOf("#") + 1 || undefined).join("/"));
const filters = fc.array(filter, { maxLength: 3 });
const interest: fc.Arbitrary<Interest> = fc.record({
  filters,
  granted: fc.option(filters, { nil: undefined }),
  envelope: fc.constantFrom(undefined, true, false),
});
const TOPICS = ["a", "b", "$s", "a/b", "a/$s", "$s/a", "a/b/a", "b/b/b/b", ""].map((name) => new Topic(name));

describe("group table", () => {
  it("gives those who want the same one group, in whatever order they say it", () => {
    const table = new GroupTable();
    const group = table.groupOf({ filters: ["a", "b"], granted: ["#", "$s"], envelope: true }, LOG);
    assert.equal(table.groupOf({ filters: ["b", "a", "b"], granted: ["$s", "#"], envelope: true }, LOG), group);
    for (const other of [
      { filters: ["a", "b"], granted: ["#", "$s"], envelope: undefined },
      { filters: ["a", "b"], granted: undefined, envelope: true },
      { filters: ["a", "b", "#", "$s"], granted: undefined, envelope: true },
      { filters: [], granted: ["#", "$s"], envelope: true },
    ]) {
      assert.notEqual(table.groupOf(other, LOG), group);
    }
  });

  it("finds the groups of a topic as trying each would, while groups come and go", () => {
    const step = fc.record({ interest, removes: fc.boolean(), pick: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const table = new GroupTable();
        const groups: SubscriptionGroup[] = [];
        for (const { interest, removes, pick } of steps) {
          if (removes && groups.length > 0) {
            table.remove(groups.splice(pick % groups.length, 1)[0] as SubscriptionGroup);
          } else {
            const group = table.groupOf(interest, LOG);
            if (!groups.includes(group)) groups.push(group);
          }
          for (const topic of TOPICS) {
            const found = table.matching(topic);
            const expected = groups.filter((group) => isFor(group, topic.name));
            assert.equal(found.length, expected.length);
            assert.deepEqual(new Set(found), new Set(expected));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it("remembers no more matches than it may, whatever the number of topics times that of groups", () => {
    const table = new GroupTable(1000);
    for (let i = 0; i < 100; i++)
      table.groupOf({ filters: ["#", `x/${i}`], granted: undefined, envelope: undefined }, LOG);
    for (let i = 0; i < 500; i++) {
      assert.equal(table.matching(new Topic(`t/${i}`)).length, 100);
      assert.ok(table.remembered <= 1000);
    }
  });

  it("remembers nothing of groups and topics that are no more", () => {
    const table = new GroupTable();
    const group = table.groupOf({ filters: [], granted: undefined, envelope: undefined }, LOG);
    const topics = ["a", "b"].map((name) => new Topic(name));
    for (const topic of topics) table.matching(topic);
    assert.equal(table.remembered, 4);
    table.forget(topics[0] as Topic);
    assert.equal(table.remembered, 2);
    const removed = new Topic("c");
    removed.markRemoved();
    assert.deepEqual(table.matching(removed), [group]);
    assert.equal(table.remembered, 2);
    table.remove(group);
    assert.equal(table.remembered, 0);
  });

  it("does not ask groups with other grants about a topic, whether they have filters or not", () => {
    const { collect } = SharedGrant.prototype;
    let asked = 0;
    const table = new GroupTable();
    for (let i = 0; i < 1000; i++) {
      table.groupOf({ filters: i % 2 === 0 ? [] : ["#"], granted: [`tenant/${i}/#`], envelope: undefined }, LOG);
    }
    SharedGrant.prototype.collect = function (levels, found) {
      asked++;
      collect.call(this, levels, found);
    };
    try {
      assert.equal(table.matching(new Topic("tenant/7/temperature")).length, 1);
    } finally {
      SharedGrant.prototype.collect = collect;
    }
    assert.ok(asked <= 2, `${asked} grants were asked`);
  });
});

function isFor({ filters, grant: { filters: granted } }: SubscriptionGroup, topic: string): boolean {
  return (filters.length === 0 || matchesAny(filters, topic)) && (granted === undefined || matchesAny(granted, topic));
}
