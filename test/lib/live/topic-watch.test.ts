import { deepEqual, equal, ok } from "node:assert/strict";
import { TopicWatch } from "../../../nodes/lib/live/topic-watch";
import { FakeClock } from "../../support/fake-clock";

const ALL = { page: 0, search: "" };
const reading = (topic: string, payload: unknown = 1, ip = "10.0.0.7") => ({ topic, payload, ip });

describe("the topics of a listener", () => {
  let clock: FakeClock;
  let watch: TopicWatch;

  beforeEach(() => {
    clock = new FakeClock();
    watch = new TopicWatch(clock, 100);
  });

  it("each tell what was heard last, from whom and how long ago", async () => {
    watch.heard(reading("attic", { value: 21.5 }), clock.now());
    clock.advance(3000);
    const { rows } = await watch.page(ALL);
    deepEqual(rows, [
      {
        topic: "attic",
        perSecond: 1 / 3,
        readings: 1,
        value: '{"value":21.5}',
        valueAge: 3000,
        age: 3000,
        sender: "10.0.0.7",
      },
    ]);
  });

  it("tell their rate of the last 5 to 10 s", async () => {
    for (let second = 0; second < 30; second++) {
      for (let count = 0; count < 20; count++) watch.heard(reading("fast"), clock.now());
      clock.advance(1000);
      if (second >= 10) await watch.page(ALL);
    }
    equal(Math.round((await watch.page(ALL)).rows[0]?.perSecond ?? 0), 20);
    clock.advance(11_000);
    await watch.page(ALL);
    clock.advance(11_000);
    equal((await watch.page(ALL)).rows[0]?.perSecond, 0);
  });

  it("are written down often while somebody watches, and now and then otherwise", async () => {
    const valueAfter = async (ms: number) => {
      clock.advance(ms);
      watch.heard(reading("fast", clock.now()), clock.now());
      return clock.now() - Number((await watch.page(ALL)).rows[0]?.value);
    };
    watch.heard(reading("fast", clock.now()), clock.now());
    equal(await valueAfter(1000), 1000, "nobody has watched yet");
    equal(await valueAfter(1000), 0);
    equal(await valueAfter(400), 400);
  });

  it("are bounded in number; the stalest go first", async () => {
    watch.heard(reading("busy"), clock.now());
    for (let number = 0; number < 5000; number++) {
      clock.advance(1);
      watch.heard(reading(`invented/${number}`), clock.now());
      watch.heard(reading("busy"), clock.now());
    }
    equal(watch.size, 100);
    const { rows } = await watch.page({ page: 0, search: "busy" });
    equal(rows[0]?.readings, 5001, "it was never given up");
  });

  it("have names of bounded length", async () => {
    const long = "x".repeat(4096);
    for (let count = 0; count < 3; count++) watch.heard(reading(long), clock.now());
    const [row] = (await watch.page(ALL)).rows;
    ok((row?.topic.length ?? 0) <= 256);
    equal(row?.readings, 3);
  });

  it("are shown the busiest or the most silent first", async () => {
    watch.heard(reading("old"), clock.now());
    clock.advance(2000);
    for (let count = 0; count < 9; count++) watch.heard(reading("new"), clock.now());
    const order = async (by: string) => (await watch.page({ ...ALL, by })).rows.map(({ topic }) => topic);
    deepEqual(await order("rate"), ["new", "old"]);
    deepEqual(await order("age"), ["old", "new"]);
  });

  for (const setByMs of [86_400_000, -86_400_000]) {
    it(`are told of as before when the wall clock is set ${setByMs > 0 ? "forward" : "back"} by a day`, async () => {
      const second = async () => {
        for (let count = 0; count < 20; count++) watch.heard(reading("fast"), clock.now());
        clock.advance(1000);
        return (await watch.page(ALL)).rows;
      };
      for (let count = 0; count < 20; count++) await second();
      clock.setByMs = setByMs;
      watch.heard(reading("new"), clock.now());
      for (let count = 0; count < 20; count++) await second();
      const rows = await second();
      deepEqual(
        rows.map(({ topic }) => topic),
        ["fast", "new"],
      );
      equal(Math.round(rows[0]?.perSecond ?? 0), 20);
      deepEqual([rows[0]?.age, rows[1]?.age], [1000, 21_000]);
    });
  }
});
