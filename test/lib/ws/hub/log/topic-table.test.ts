import assert from "node:assert/strict";
import { detached, readingOutsideLog } from "../../../../../nodes/lib/ws/hub/log/stored-reading";
import type { Topic } from "../../../../../nodes/lib/ws/hub/log/topic";
import { TopicTable } from "../../../../../nodes/lib/ws/hub/log/topic-table";

describe("topic table", () => {
  let removed: string[];
  let table: TopicTable;

  beforeEach(() => {
    removed = [];
    table = new TopicTable({ maxTopics: 3, maxBytes: 100, onRemove: ({ name }) => removed.push(name) });
  });

  function byRecency(): string[] {
    const names: string[] = [];
    for (let topic = table.leastRecent; topic !== undefined; topic = topic.newer) names.push(topic.name);
    return names;
  }

  function retain(topic: Topic, bytes: number): void {
    const payload = { kind: "text", body: "x".repeat(bytes - 2) } as const;
    table.retain(topic, detached(readingOutsideLog({ topic: topic.name, payload }, { time: 0, enveloped: false })));
  }

  it("gives up the least recent topic for a new one, whose slot is free again", () => {
    const slots = ["a", "b", "c"].map((name) => table.touch(name).slot);
    table.touch("a");
    assert.deepEqual(byRecency(), ["b", "c", "a"]);
    assert.equal(table.touch("d").slot, slots[1]);
    assert.deepEqual(removed, ["b"]);
    assert.deepEqual([table.at(slots[1] as number)?.name, table.get("b"), table.evicted], ["d", undefined, 1]);
  });

  it("gives up the least recent topics for what the newest readings of others take", () => {
    const [a, b, c] = [table.touch("a"), table.touch("b"), table.touch("c")] as const;
    retain(a, 40);
    retain(b, 40);
    assert.deepEqual(removed, []);
    retain(c, 40);
    assert.deepEqual(removed, ["a"]);
    table.renew(b, 1, 0);
    retain(c, 90);
    assert.deepEqual(removed, ["a", "b"]);
  });

  it("reckons with the names of topics, and keeps one whatever it takes", () => {
    table.touch("a");
    table.touch("x".repeat(90));
    table.touch("y".repeat(90));
    assert.equal(table.size, 1);
    table.touch("z".repeat(1000));
    assert.deepEqual(byRecency(), ["z".repeat(1000)]);
  });

  it("leaves nothing of a removed topic but its name, which the log may refer to", () => {
    const topic = table.touch("a/b");
    retain(topic, 40);
    assert.deepEqual(topic.levels, ["a", "b"]);
    assert.equal(topic.levels, topic.levels);
    table.remove(topic);
    table.remove(topic);
    assert.deepEqual([topic.retained, removed, table.size], [undefined, ["a/b"], 0]);
    assert.notEqual(topic.levels, topic.levels);
    assert.notEqual(topic.envelopeStart, topic.envelopeStart);
  });
});
