import assert from "node:assert/strict";
import fc from "fast-check";
import { matchesAny } from "../../../../nodes/lib/mqtt/topic-filter";
import { GroupTable } from "../../../../nodes/lib/ws/hub/group-table";
import { ReadingLog } from "../../../../nodes/lib/ws/hub/log/reading-log";
import { Topic } from "../../../../nodes/lib/ws/hub/log/topic";
import type { Interest } from "../../../../nodes/lib/ws/hub/subscription";
import type { SubscriptionGroup } from "../../../../nodes/lib/ws/hub/subscription-group";

const LOG = new ReadingLog(1024, () => undefined);
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
});

function isFor({ filters, grant: { filters: granted } }: SubscriptionGroup, topic: string): boolean {
  return (filters.length === 0 || matchesAny(filters, topic)) && (granted === undefined || matchesAny(granted, topic));
}
