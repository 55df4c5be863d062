import assert from "node:assert/strict";
import type { Reading } from "../../../nodes/lib/client/reading";
import { ReadingQueue } from "../../../nodes/lib/client/reading-queue";

const reading = (topic: string, payload: number): Reading => ({ topic, payload, time: 0, seq: undefined });

describe("reading queue", () => {
  it("gives readings in order, also to those who wait", async () => {
    const queue = new ReadingQueue(10, false);
    const first = queue.next();
    queue.push(reading("a", 1));
    queue.push(reading("a", 2));
    assert.deepEqual([(await first)?.payload, (await queue.next())?.payload], [1, 2]);
  });

  it("holds no more than its limit: the oldest give way, and are counted", async () => {
    const queue = new ReadingQueue(100, false);
    let gaveWay = 0;
    for (let n = 1; n <= 1000; n++) {
      gaveWay += queue.push(reading("a", n));
      assert.ok(queue.length <= 100);
    }
    assert.equal((await queue.next())?.payload, gaveWay + 1);
    assert.equal(queue.length, 1000 - gaveWay - 1);
  });

  it("gives up what is superseded first, when it is to keep the latest", async () => {
    const queue = new ReadingQueue(10, true);
    queue.push(reading("rare", 0));
    for (let n = 1; n <= 10; n++) queue.push(reading("frequent", n));
    assert.deepEqual([(await queue.next())?.topic, (await queue.next())?.payload], ["rare", 10]);
  });

  it("does not grow while it is emptied as fast as it is filled", async () => {
    const queue = new ReadingQueue(10, false);
    for (let n = 0; n < 10_000; n++) {
      assert.equal(queue.push(reading("a", n)), 0);
      assert.equal((await queue.next())?.payload, n);
    }
  });

  it("gives what it holds before it ends", async () => {
    const queue = new ReadingQueue(10, false);
    queue.push(reading("a", 1));
    queue.end(new Error("refused"));
    assert.equal((await queue.next())?.payload, 1);
    await assert.rejects(queue.next(), /refused/);
  });
});
