import assert from "node:assert/strict";
import { Hub } from "../../../../nodes/lib/ws/hub/hub";
import { encodePayload } from "../../../../nodes/lib/ws/hub/payload";
import { LogFeed, LogFeeds } from "../../../../nodes/lib/ws/senders/log-feed";
import { PipeFeed } from "../../../../nodes/lib/ws/senders/pipe-feed";
import { PipeReader, pipeMessage } from "../../../../nodes/lib/ws/senders/pipe-frames";
import { FRAME } from "../../../../nodes/lib/ws/senders/protocol";
import { PublishTimes } from "../../../../nodes/lib/ws/senders/publish-times";
import { readRecord } from "../../../../nodes/lib/ws/senders/reading-record";
import { FakeClock } from "../../../support/fake-clock";

const ENOUGH = 256 * 1024;

describe("pipe feed", () => {
  let hub: Hub;
  let feed: PipeFeed;

  beforeEach(() => {
    const clock = new FakeClock();
    hub = new Hub({ maxTopics: 100, slow: "skip", maxAge: 0, logBytes: 1024 * 1024, clock, onError: assert.ifError });
    const feeds = new LogFeeds(hub.store, new PublishTimes(), () => clock.now());
    feed = new PipeFeed(new LogFeed(feeds), () => hub.store.log.head);
    // The replica of an empty log begins where that does.
    feed.next(ENOUGH);
  });

  const publish = (text: string): number => hub.publish("topic", encodePayload(text));
  const order = (text: string): void => feed.order(pipeMessage(FRAME.order, text));

  function next(maxBytes = ENOUGH): string[] {
    const told: string[] = [];
    const reader = new PipeReader((type, content) =>
      told.push(type === FRAME.order ? JSON.parse(content.toString()) : readRecord(content).payload.body.toString()),
    );
    reader.push(feed.next(maxBytes));
    return told;
  }

  it("sends orders behind what was published before, all that there is in one piece", () => {
    publish("1");
    order("a");
    order("b");
    publish("2");
    publish("3");
    order("c");
    publish("4");
    assert.deepEqual(next(), ["1", "a", "b", "2", "3", "c", "4"]);
    assert.ok(feed.isEmpty);
    assert.deepEqual(next(), []);
  });

  it("sends no more at a time than is asked for, and goes on there", () => {
    const published = Array.from({ length: 100 }, (_, index) => String(index));
    for (const number of published) {
      publish(number);
      order(`after ${number}`);
    }
    const told: string[] = [];
    let times = 0;
    for (; !feed.isEmpty; times++) {
      const some = next(1024);
      assert.ok(some.length > 2 && some.length < 100, `${some.length} at a time`);
      told.push(...some);
    }
    assert.ok(times > 4);
    assert.deepEqual(
      told,
      published.flatMap((number) => [number, `after ${number}`]),
    );
  });

  it("knows how much waits of what was ordered", () => {
    order("a");
    const bytes = feed.orderBytes;
    assert.ok(bytes > 0);
    order("b");
    assert.equal(feed.orderBytes, 2 * bytes);
    next();
    assert.equal(feed.orderBytes, 0);
    order("c");
    feed.clear();
    assert.deepEqual([feed.orderBytes, feed.isEmpty], [0, true]);
  });

  it("is lost once the log has given up what comes next", () => {
    publish("first");
    const body = "x".repeat(1000);
    for (let n = 0; !feed.isLost; n++) {
      assert.ok(n < 10_000);
      publish(body);
    }
  });
});
