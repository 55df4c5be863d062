import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { TurnBudget } from "../../../../nodes/lib/time/turn-budget";
import type { Combined, Reading } from "../../../../nodes/lib/udp/conflation/combination";
import { Conflation } from "../../../../nodes/lib/udp/conflation/conflation";
import { CONFLATION_MODES, type ConflationMode } from "../../../../nodes/lib/udp/conflation/conflation-mode";
import { FakeClock } from "../../../support/fake-clock";

const EVERY_MS = 100;

interface Emitted extends Combined {
  readonly topic: string;
  readonly readings: number;
  readonly at: number;
}

describe("conflation", () => {
  let clock: FakeClock;
  let emitted: Emitted[];
  let settled: { emitted: number; conflated: number };

  beforeEach(() => {
    clock = new FakeClock();
    emitted = [];
    settled = { emitted: 0, conflated: 0 };
  });

  function conflationWith(
    mode: ConflationMode,
  ): (topic: string, payload: unknown, bytes?: number, readings?: number) => Conflation<Reading> {
    const budget = new TurnBudget({ clock });
    const conflation = new Conflation<Reading>(
      { everyMs: EVERY_MS, mode, clock, budget },
      ({ topic }, combined, readings) => emitted.push({ topic, ...combined, readings, at: clock.now() }),
    );
    return (topic, payload, bytes = 20, readings = 1) => {
      const settle = (isEmitted: boolean): void => void settled[isEmitted ? "emitted" : "conflated"]++;
      conflation.take({ message: { topic, payload, time: clock.wallTime() }, bytes, readings, settle });
      return conflation;
    };
  }

  const shown = (): unknown[] => emitted.map(({ at, topic, payload, readings }) => [at, topic, payload, readings]);

  it("hands on the first reading at once, then the newest, as long as there are any", () => {
    const take = conflationWith("newest");
    for (let value = 0; value < 25; value++) {
      take("a", value);
      clock.advance(10);
    }
    clock.advance(1000);
    take("a", 25);
    deepEqual(shown(), [
      [0, "a", 0, 1],
      [100, "a", 9, 9],
      [200, "a", 19, 10],
      [300, "a", 24, 5],
      [1250, "a", 25, 1],
    ]);
    deepEqual(settled, { emitted: 5, conflated: 21 });
  });

  it("tells topics apart, each with a time of its own", () => {
    const take = conflationWith("newest");
    take("a", 1);
    clock.advance(50);
    take("b", 1);
    take("a", 2);
    take("b", 2);
    clock.advance(200);
    deepEqual(shown(), [
      [0, "a", 1, 1],
      [50, "b", 1, 1],
      [100, "a", 2, 1],
      [150, "b", 2, 1],
    ]);
  });

  const combined: [mode: ConflationMode, payload: unknown][] = [
    ["mean", { t: 20, unit: "C" }],
    ["minmax", { t: { min: 10, max: 30 }, unit: "C" }],
    ["all", [{ t: 10 }, { t: 30 }, { t: 20, unit: "C" }]],
  ];
  for (const [mode, payload] of combined) {
    it(`hands on one message for all readings in a time, at its end: ${mode}`, () => {
      const take = conflationWith(mode);
      for (const reading of [{ t: 10 }, { t: 30 }, { t: 20, unit: "C" }]) {
        take("a", reading);
        clock.advance(10);
      }
      equal(emitted.length, 0);
      clock.advance(170);
      take("a", { t: 1 });
      deepEqual(shown(), [[100, "a", payload, 3]]);
      deepEqual(settled, { emitted: 1, conflated: 2 });
    });
  }
  it("says when each of all readings came", () => {
    const take = conflationWith("all");
    take("a", 1);
    clock.advance(30);
    take("a", 2);
    clock.advance(100);
    deepEqual(emitted[0]?.times, [1_700_000_000_000, 1_700_000_000_030]);
  });

  it("hands on what it holds when it ends, and leaves no timer", () => {
    const take = conflationWith("newest");
    take("a", 1);
    take("b", 1);
    take("a", 2).flush();
    deepEqual(shown().slice(2), [[0, "a", 2, 1]]);
    equal(clock.pending, 0);
  });
  it("has no timer once nothing is waited for", () => {
    const take = conflationWith("newest");
    take("a", 1);
    clock.advance(1000);
    equal(clock.pending, 0);
  });

  it("takes turns with the rest of the event loop when many topics are due at once", () => {
    const take = conflationWith("mean");
    for (let n = 0; n < 1000; n++) take(`t${n}`, n);
    const add = emitted.push.bind(emitted);
    emitted.push = (...items) => {
      clock.elapse(0.1);
      return add(...items);
    };
    let longest = 0;
    while (clock.pending > 0) {
      const start = Math.max(clock.now(), clock.nextAt ?? 0);
      clock.runNext();
      longest = Math.max(longest, clock.now() - start);
    }
    equal(emitted.length, 1000);
    ok(longest < 8, `${longest} ms`);
  });

  for (const mode of CONFLATION_MODES) {
    it(`holds 10000 topics, and hands on early what it has of more: ${mode}`, () => {
      const take = conflationWith(mode);
      for (let n = 0; n < 12_000; n++) take(`t${n}`, n).valueOf();
      equal(emitted.length, mode === "newest" ? 12_000 : 2000);
      clock.advance(EVERY_MS);
      while (clock.pending > 0) clock.runNext();
      equal(emitted.length, 12_000);
    });
  }
  it("hands on early what would take too much memory, the oldest first", () => {
    const take = conflationWith("all");
    for (let n = 0; n < 1100; n++) take(`t${n % 100}`, n, 32_768, 100);
    deepEqual(
      emitted.map(({ topic, readings }) => [topic, readings]),
      Array.from({ length: emitted.length }, (_, n) => [`t${n}`, 11]),
    );
    ok(emitted.length > 0 && emitted.length < 15, `${emitted.length} messages`);
  });
  it("makes no message that is larger than a turn of the event loop bears", () => {
    const take = conflationWith("all");
    for (let n = 0; n < 4096; n++) take("small", n);
    for (let n = 0; n < 20; n++) take("large", n, 65_507);
    deepEqual(
      emitted.map(({ topic, readings }) => [topic, readings]),
      [
        ["small", 4096],
        ["large", 17],
      ],
    );
  });
  it("makes no message of more fields than a datagram may have, by one datagram", () => {
    const take = conflationWith("mean");
    for (let n = 0; n < 5000; n++) take("a", { [`field ${n}`]: n });
    deepEqual(
      emitted.map(({ payload, readings }) => [Object.keys(payload as object).length, readings]),
      [[4097, 4097]],
    );
  });

  it("settles each reading once, sends a topic's readings in order, and never sooner than it may", () => {
    const moves = fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.nat(120)), { maxLength: 60 });
    fc.assert(
      fc.property(fc.constantFrom(...CONFLATION_MODES), moves, (mode, list) => {
        clock = new FakeClock();
        emitted = [];
        settled = { emitted: 0, conflated: 0 };
        const take = conflationWith(mode);
        let conflation: Conflation<Reading> | undefined;
        for (const [n, [topic, waitMs]] of list.entries()) {
          conflation = take(topic, n);
          clock.advance(waitMs);
          ok(settled.emitted + settled.conflated <= n + 1);
        }
        const beforeEnd = [...emitted];
        conflation?.flush();
        equal(settled.emitted + settled.conflated, list.length);
        equal(settled.emitted, emitted.length);
        equal(
          emitted.reduce((sum, { readings }) => sum + readings, 0),
          list.length,
        );
        for (const topic of ["a", "b", "c"]) {
          const times = beforeEnd.filter((each) => each.topic === topic).map(({ at }) => at);
          ok(times.every((at, i) => i === 0 || at - (times[i - 1] ?? 0) >= EVERY_MS));
        }
      }),
    );
  });
});
