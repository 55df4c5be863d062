import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import {
  type HistoryBounds,
  type HistoryRange,
  ReadingHistory,
} from "../../../../../nodes/lib/ws/hub/history/reading-history";
import { readingOutsideLog } from "../../../../../nodes/lib/ws/hub/log/stored-reading";
import { Topic } from "../../../../../nodes/lib/ws/hub/log/topic";

const MUCH = 64 * 1024 * 1024;
const ALL: HistoryRange = { readings: Number.POSITIVE_INFINITY };

/** A history under test, and all that it was ever given. */
class Tested {
  readonly history: ReadingHistory;
  readonly topics = new Map<string, Topic>();
  readonly given: { seq: number; topic: string; text: string; at: number }[] = [];
  now = 0;

  constructor(bounds: Partial<HistoryBounds>) {
    this.history = new ReadingHistory({ readings: 0, seconds: 0, bytes: MUCH, ...bounds });
  }

  topic(name: string): Topic {
    const topic = this.topics.get(name) ?? new Topic(name);
    this.topics.set(name, topic);
    return topic;
  }

  publish(topic: string, text: string): void {
    const seq = this.given.length + 1;
    const payload = { kind: "text", body: text } as const;
    const reading = { ...readingOutsideLog({ topic, payload }, { time: this.now, enveloped: false }), seq };
    this.history.append(reading, this.topic(topic), this.now);
    this.given.push({ seq, topic, text, at: this.now });
  }

  /** As `seq topic text`, taken a few at a time. */
  read(range: HistoryRange = ALL, end = this.given.length + 1): string[] {
    const found: string[] = [];
    const view = this.history.view(range, end, this.now);
    for (let from = view.start; from < end; ) {
      let left = 3;
      from = this.history.walk(from, view, (reading, topic) => {
        if (left-- === 0) return false;
        found.push(`${reading.seq} ${topic.name} ${reading.bytes.toString("utf8", reading.bodyStart, reading.end)}`);
        return true;
      });
    }
    return found;
  }

  /** What the ranges and bounds, memory aside, leave of all that was given. */
  expected({ readings = 0, seconds = 0 }: Partial<HistoryBounds>, range: HistoryRange, end: number): string[] {
    const ages = [seconds, "seconds" in range ? range.seconds : 0].filter((age) => age > 0);
    const notBefore = this.now - Math.min(...ages) * 1000;
    const newest = Math.min(readings || Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    return this.given
      .filter(({ seq, topic }) => this.#newerThan(seq, topic, this.given.length + 1) < newest)
      .filter(({ seq, topic }) => !("readings" in range) || this.#newerThan(seq, topic, end) < range.readings)
      .filter(({ seq, at }) => seq < end && at >= notBefore)
      .map(({ seq, topic, text }) => `${seq} ${topic} ${text}`);
  }

  #newerThan(seq: number, topic: string, end: number): number {
    return this.given.filter((other) => other.topic === topic && other.seq > seq && other.seq < end).length;
  }
}

describe("reading history", () => {
  it("keeps the newest readings of each topic, in the order in which they were published", () => {
    const tested = new Tested({ readings: 2 });
    for (const text of ["1", "2", "3"]) for (const topic of ["a", "b"]) tested.publish(topic, text);
    tested.publish("quiet", "once");
    deepEqual(tested.read(), ["3 a 2", "4 b 2", "5 a 3", "6 b 3", "7 quiet once"]);
    deepEqual(tested.read({ readings: 1 }), ["5 a 3", "6 b 3", "7 quiet once"]);
  });

  it("shows a view as it was when it was made: what is published meanwhile is sent live", () => {
    const tested = new Tested({ readings: 3 });
    for (const text of ["1", "2", "3"]) tested.publish("a", text);
    const end = 4;
    tested.publish("a", "4");
    deepEqual(tested.read({ readings: 2 }, end), ["2 a 2", "3 a 3"]);
  });

  it("keeps readings of the last seconds alone, also those of topics that fell silent", () => {
    const tested = new Tested({ seconds: 10 });
    tested.publish("silent", "old");
    tested.now = 9000;
    tested.publish("a", "new");
    tested.now = 12_000;
    deepEqual(tested.read(), ["2 a new"]);
    deepEqual(tested.read({ seconds: 1 }), []);
    for (const now of [30_000, 60_000]) {
      tested.now = now;
      for (let i = 0; i < 1500; i++) tested.publish("a", "x".repeat(50));
    }
    equal(tested.history.size, 1500);
  });

  it("lets the busiest topic give way when memory is short", () => {
    const bytes = 1024 * 1024;
    const tested = new Tested({ bytes });
    for (let i = 0; i < 10; i++) tested.publish("quiet", `q${i}`);
    for (let i = 0; i < 50_000; i++) tested.publish("busy", "x".repeat(100));
    ok(tested.history.bytes <= bytes);
    const read = tested.read();
    deepEqual(
      read.slice(0, 10).map((line) => line.split(" ")[2]),
      Array.from({ length: 10 }, (_, i) => `q${i}`),
    );
    ok(read.length > 3000, `only ${read.length} are left`);
    equal(read.at(-1)?.split(" ")[0], "50010");
  });

  it("gives up all readings of a topic", () => {
    const tested = new Tested({});
    for (let i = 0; i < 3000; i++) tested.publish(i % 2 === 0 ? "a" : "b", "x".repeat(60));
    tested.history.forget(tested.topic("a"));
    equal(tested.history.size, 1500);
    ok(tested.read().every((line) => line.split(" ")[1] === "b"));
  });

  it("does not keep a reading larger than all of it", () => {
    const tested = new Tested({ bytes: 1024 * 1024 });
    tested.publish("a", "x".repeat(2 * 1024 * 1024));
    tested.publish("a", "small");
    deepEqual(tested.read(), ["2 a small"]);
  });

  const publish = fc.record({
    topic: fc.constantFrom("a", "b", "c", "d"),
    length: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 70_000 })),
    afterMs: fc.integer({ min: 0, max: 3000 }),
  });
  const range = fc.oneof(
    fc.record({ readings: fc.integer({ min: 1, max: 20 }) }),
    fc.record({ seconds: fc.integer({ min: 1, max: 100 }) }),
  );

  it("holds what its bounds say, whatever is published", () => {
    const bounds = fc.record({ readings: fc.constantFrom(0, 1, 5), seconds: fc.constantFrom(0, 20) });
    fc.assert(
      fc.property(bounds, fc.array(publish, { maxLength: 60 }), range, (bounds, steps, asked) => {
        const tested = new Tested(bounds);
        for (const { topic, length, afterMs } of steps) {
          tested.now += afterMs;
          tested.publish(topic, "x".repeat(length));
        }
        const end = Math.ceil((steps.length * 3) / 4) + 1;
        deepEqual(tested.read(asked, end), tested.expected(bounds, asked, end));
      }),
    );
  });

  it("holds, when memory is short, an unbroken run of the newest of each topic, within its memory", () => {
    const bytes = 500_000;
    fc.assert(
      fc.property(fc.array(publish, { minLength: 30, maxLength: 120 }), (steps) => {
        const tested = new Tested({ bytes });
        for (const { topic, length, afterMs } of steps) {
          tested.now += afterMs;
          tested.publish(topic, "x".repeat(length));
          ok(tested.history.bytes <= bytes);
        }
        const held = tested.read();
        for (const name of ["a", "b", "c", "d"]) {
          const given = tested.given
            .filter(({ topic }) => topic === name)
            .map(({ seq, text }) => `${seq} ${name} ${text}`);
          const kept = held.filter((line) => line.split(" ")[1] === name);
          deepEqual(kept, given.slice(given.length - kept.length));
        }
      }),
    );
  });
});
