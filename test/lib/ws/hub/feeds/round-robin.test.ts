import assert from "node:assert/strict";
import { RoundRobin } from "../../../../../nodes/lib/ws/hub/feeds/round-robin";
import { Topic } from "../../../../../nodes/lib/ws/hub/log/topic";

describe("round robin", () => {
  const topics = Array.from({ length: 4 }, (_, id) => new Topic(id + 1, `t${id}`));

  function update(...ids: number[]): void {
    for (const id of ids) (topics[id - 1] as Topic).newest = Math.max(...topics.map(({ newest }) => newest)) + 1;
  }

  beforeEach(() => {
    for (const topic of topics) topic.newest = 0;
    update(1, 2, 3, 4);
  });

  it("begins behind the topic that was visited last, in order of creation", () => {
    const turns = new RoundRobin(1, 0);
    assert.equal(turns.firstOf(topics), 0);
    turns.sent(topics[1] as Topic, 0);
    assert.equal(turns.firstOf(topics), 2);
    turns.sent(topics[3] as Topic, 0);
    assert.equal(turns.firstOf(topics), 4);
  });

  it("knows what was sent, and what counts as sent", () => {
    const turns = new RoundRobin(3, 0);
    const unsent = () => topics.filter((topic) => turns.isUnsent(topic)).map(({ id }) => id);
    assert.deepEqual(unsent(), [3, 4]);
    turns.sent(topics[2] as Topic, 0);
    update(1);
    assert.deepEqual(unsent(), [1, 4]);
    update(3);
    assert.deepEqual(unsent(), [1, 3, 4]);
  });

  it("has a topic wait for its period", () => {
    const turns = new RoundRobin(1, 100);
    turns.sent(topics[0] as Topic, 50);
    assert.deepEqual([turns.dueAt(topics[0] as Topic), turns.dueAt(topics[1] as Topic)], [150, 0]);
  });
});
