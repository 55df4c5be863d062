import assert from "node:assert/strict";
import { type TopicChange, TopicSilence } from "../../../../nodes/lib/udp/reports/topic-silence";
import { FakeClock } from "../../../support/fake-clock";

describe("topic silence", () => {
  let clock: FakeClock;
  let events: TopicChange[];

  beforeEach(() => {
    clock = new FakeClock();
    events = [];
  });

  function watch(limits: { maxTopics?: number } = {}): TopicSilence {
    return new TopicSilence({ silenceMs: 10_000, report: (change) => events.push(change), clock, ...limits });
  }

  const texts = () => events.map(({ topic, state }) => `${topic} ${state}`);

  it("tells that a topic fell silent, since when, and when it is back", () => {
    const watched = watch();
    const start = clock.wallTime();
    watched.heard("a", "192.0.2.1");
    clock.advance(4000);
    watched.heard("a", "192.0.2.2");
    clock.advance(9999);
    assert.deepEqual(events, []);
    clock.advance(1);
    const offline = { sender: "192.0.2.2", topic: "a", state: "offline", since: start + 4000 };
    assert.deepEqual(events, [offline]);

    clock.advance(60_000);
    assert.equal(events.length, 1);
    watched.heard("a", "192.0.2.3");
    assert.deepEqual(events[1], { sender: "192.0.2.3", topic: "a", state: "online", since: start + 74_000 });
  });

  it("watches each topic by itself, with one timer", () => {
    const watched = watch();
    for (const topic of ["a", "b", "c"]) {
      watched.heard(topic, "192.0.2.1");
      clock.advance(1000);
    }
    assert.equal(clock.pending, 1);
    watched.heard("a", "192.0.2.1");
    clock.advance(9000);
    assert.deepEqual(texts(), ["b offline", "c offline"]);
    clock.advance(1000);
    assert.deepEqual(texts(), ["b offline", "c offline", "a offline"]);
    assert.equal(clock.pending, 0);
  });

  it("reads what came in time, but waits to be read, before it calls a topic silent", () => {
    const watched = watch();
    watched.heard("a", "192.0.2.1");
    clock.elapse(20_000);
    clock.runNext();
    watched.heard("a", "192.0.2.1");
    clock.advance(9999);
    assert.deepEqual(events, []);
  });

  it("forgets the topic heard longest ago when there are too many, silent ones first", () => {
    const watched = watch({ maxTopics: 2 });
    watched.heard("a", "192.0.2.1");
    clock.advance(5000);
    watched.heard("b", "192.0.2.1");
    clock.advance(5000);
    watched.heard("c", "192.0.2.1");
    watched.heard("a", "192.0.2.1");
    assert.deepEqual(texts(), ["a offline"]);
    clock.advance(60_000);
    assert.deepEqual(texts(), ["a offline", "c offline", "a offline"]);
  });

  it("runs no timer once stopped", () => {
    const watched = watch();
    watched.heard("a", "192.0.2.1");
    watched.stop();
    assert.equal(clock.pending, 0);
  });
});
