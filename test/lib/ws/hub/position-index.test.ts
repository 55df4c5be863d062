import assert from "node:assert/strict";
import fc from "fast-check";
import { ReadingLog } from "../../../../nodes/lib/ws/hub/log/reading-log";
import { Topic } from "../../../../nodes/lib/ws/hub/log/topic";
import { PositionIndex } from "../../../../nodes/lib/ws/hub/position-index";

const LOG_BYTES = 256 * 1024;
const PAYLOAD = { kind: "text", body: "" } as const;

/** A log, its index, and what the index is to find, counted one by one. */
class Run {
  readonly log: ReadingLog;
  readonly index: PositionIndex;
  readonly #own = new Topic("own");
  readonly #other = new Topic("other");
  /** Sequence numbers of all matching readings since the index began or was extended. */
  readonly #matching: number[] = [];
  readonly #all: { seq: number; matches: boolean }[] = [];
  /** Position of the first of `#matching`. */
  #first = 0;
  looks = 0;
  tail = 0;
  head = 0;
  #remembersFrom = 0;

  constructor(before: readonly boolean[]) {
    this.log = new ReadingLog(LOG_BYTES, (seq, topic) => {
      if (topic === this.#own && seq >= (this.index?.since ?? Number.POSITIVE_INFINITY)) this.tail++;
    });
    for (const matches of before) this.#append(matches);
    this.index = new PositionIndex(this.log, (from, to) => {
      this.looks += to - from;
      return this.#all.slice(from - 1, to - 1).flatMap(({ seq, matches }) => (matches ? [seq] : []));
    });
  }

  publish(matches: boolean): void {
    const seq = this.#append(matches);
    if (!matches) return;
    if (seq >= this.#remembersFrom) this.#remembersFrom = this.index.append(seq, this.head);
    this.#matching.push(seq);
    this.head++;
  }

  extend(target: number): void {
    const before = this.index.since;
    this.tail -= this.index.extend(target, this.tail);
    const more = this.#all.filter(({ seq, matches }) => matches && seq < before && seq >= this.index.since);
    this.#matching.unshift(...more.map(({ seq }) => seq));
    this.#first -= more.length;
  }

  check(seq: number): void {
    const expected = this.#first + this.#matching.filter((matching) => matching < seq).length;
    assert.equal(this.index.positionOf(seq, this), expected);
  }

  #append(matches: boolean): number {
    const seq = this.log.append(matches ? this.#own : this.#other, PAYLOAD, { length: 2, time: 0, enveloped: false });
    this.#all.push({ seq, matches });
    return seq;
  }
}

/** Readings in stretches, since what matters is how far apart those that match are. */
const readings = fc
  .array(fc.record({ matches: fc.boolean(), times: fc.integer({ min: 1, max: 3000 }) }), { maxLength: 6 })
  .map((stretches) => stretches.flatMap(({ matches, times }) => new Array<boolean>(times).fill(matches)));

describe("position index", () => {
  it("finds the positions that counting finds, also of readings from before it began, while the log moves on", () => {
    fc.assert(
      fc.property(readings, readings, fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (before, after, places) => {
        const run = new Run(before);
        for (const matches of after) run.publish(matches);
        for (const place of places) {
          const seq = run.log.tail + Math.floor(place * (run.log.head - run.log.tail));
          while (run.index.since > seq) run.extend(seq);
          run.check(seq);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("looks at no more than 2048 readings at a time, however far back", () => {
    const run = new Run(new Array(8000).fill(true));
    for (let i = 0; i < 6000; i++) run.publish(i % 3 === 0);
    for (let steps = 1; run.index.since > run.log.tail; steps++) {
      run.looks = 0;
      run.extend(run.log.tail);
      assert.ok(run.looks <= 2048);
      assert.ok(steps < 10);
    }
    for (let seq = run.log.tail; seq <= run.log.head; seq += 100) {
      run.looks = 0;
      run.check(seq);
      assert.ok(run.looks <= 2048);
    }
  });
});
