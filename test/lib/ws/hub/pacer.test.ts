import assert from "node:assert/strict";
import { Pacer, SLICE_MS, type Step } from "../../../../nodes/lib/ws/hub/pacer";
import { FakeClock } from "../../../support/fake-clock";

/** Passes of so many steps, each of which takes its time. */
class Steps {
  passes = 0;
  resumed = 0;
  left = 0;
  #requested = 0;

  constructor(
    private readonly clock: FakeClock,
    private readonly steps: number,
    private readonly msPerStep: number,
  ) {}

  begin(): number {
    this.passes++;
    this.left = this.steps;
    const alone = this.#requested * this.steps;
    this.#requested = 0;
    return alone;
  }

  resume(): void {
    this.resumed++;
  }

  step(): Step {
    if (this.left === 0) return "done";
    this.left--;
    this.clock.elapse(this.msPerStep);
    return "short";
  }

  request(): void {
    this.#requested++;
  }
}

describe("pacer", () => {
  it("starts in this turn of the event loop when idle", () => {
    const clock = new FakeClock();
    const work = new Steps(clock, 1, 0);
    new Pacer(work, clock).request();
    clock.advance(0);
    assert.equal(work.passes, 1);
  });

  it("runs one pass for many requests, and another for a request during the pass", () => {
    const clock = new FakeClock();
    const work = new Steps(clock, 1, 0);
    const pacer = new Pacer(
      {
        begin: () => work.begin(),
        resume: () => undefined,
        step: () => (work.passes === 1 && work.left > 0 ? request() : "done"),
      },
      clock,
    );
    const request = () => {
      pacer.request();
      return work.step();
    };
    for (let i = 0; i < 10; i++) pacer.request();
    clock.advance(100);
    assert.equal(work.passes, 2);
  });

  it("lets others run after each slice", () => {
    const clock = new FakeClock();
    const work = new Steps(clock, 1000, 0.1);
    new Pacer(work, clock).request();
    let longest = 0;
    for (let before = clock.now(); work.passes === 0 || work.left > 0; before = clock.now()) {
      clock.runNext();
      longest = Math.max(longest, clock.now() - before);
    }
    assert.ok(longest >= SLICE_MS && longest < SLICE_MS + 1, `a slice took ${longest} ms`);
  });

  it("tells its work when others had their turn", () => {
    const clock = new FakeClock();
    const work = new Steps(clock, 1000, 0.01);
    new Pacer(work, clock).request();
    clock.advance(20);
    assert.deepEqual([work.passes, work.resumed], [1, 2]);
  });

  it("does nothing after it was stopped", () => {
    const clock = new FakeClock();
    const work = new Steps(clock, 1, 0);
    const pacer = new Pacer(work, clock);
    pacer.request();
    pacer.stop();
    pacer.request();
    clock.advance(100);
    assert.deepEqual([work.passes, clock.pending], [0, 0]);
  });
});

interface Load {
  readonly clients: number;
  readonly perSecond: number;
  /** Of each millisecond, what other things take. */
  readonly otherShare?: number;
}

const WRITE_MS = 0.009;
const SIMULATED_MS = 2000;
/** Not looked at: passes learn of the load first. */
const SETTLING_MS = 200;

describe("rests of the pacer", () => {
  /** @returns how long readings wait for their pass to begin, and what passes take of the time */
  function simulate(loads: readonly Load[]): { meanWaitMs: number; maxWaitMs: number; share: number } {
    const clock = new FakeClock();
    let waiting: number[] = [];
    let waits: number[] = [];
    let spentMs = 0;
    let steps: Steps;
    const pacer = new Pacer(
      {
        begin: () => {
          for (const at of waiting) waits.push(clock.now() - at);
          waiting = [];
          return steps.begin();
        },
        resume: () => undefined,
        step: () => {
          const step = steps.step();
          if (step !== "done") spentMs += WRITE_MS;
          return step;
        },
      },
      clock,
    );
    for (const { clients, perSecond, otherShare = 0 } of loads) {
      steps = new Steps(clock, clients, WRITE_MS);
      const end = clock.now() + SETTLING_MS + SIMULATED_MS;
      const settled = end - SIMULATED_MS;
      let published = 0;
      const start = clock.now();
      const tickMs = 1000 / Math.min(1000, perSecond);
      for (let tick = start; tick < end; tick += tickMs) {
        clock.advance(Math.max(0, tick - clock.now()));
        if (tick < settled) {
          waits = [];
          spentMs = 0;
        }
        if (clock.now() > end) break;
        clock.elapse(otherShare * tickMs);
        for (; published <= ((tick - start) * perSecond) / 1000; published++) {
          waiting.push(tick);
          steps.request();
          pacer.request();
        }
      }
      clock.advance(100);
    }
    pacer.stop();
    const meanWaitMs = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
    return { meanWaitMs, maxWaitMs: Math.max(...waits), share: spentMs / SIMULATED_MS };
  }

  it("are none when idle: 10 clients, 20 readings/s", () => {
    assert.equal(simulate([{ clients: 10, perSecond: 20 }]).maxWaitMs, 0);
  });

  it("are none below half load: 100 clients, 300 readings/s", () => {
    assert.equal(simulate([{ clients: 100, perSecond: 300 }]).maxWaitMs, 0);
  });

  it("have readings go together where each by itself would fill the loop: 10 clients, 30 000 readings/s", () => {
    const { share, maxWaitMs } = simulate([{ clients: 10, perSecond: 30_000, otherShare: 0.4 }]);
    assert.ok(share < 0.03, `passes take ${share} of the loop`);
    assert.ok(maxWaitMs < 8, `a reading waits for ${maxWaitMs} ms`);
  });

  it("are none after passes of several slices, below three quarters: 1000 clients, 50 readings/s", () => {
    assert.equal(simulate([{ clients: 1000, perSecond: 50 }]).maxWaitMs, 0);
  });

  it("leave half of a full loop to others who need it, however many clients there are", () => {
    for (const clients of [1000, 3000, 20_000]) {
      const { share } = simulate([{ clients, perSecond: 1000, otherShare: 0.4 }]);
      assert.ok(share > 0.4 && share <= 0.52, `passes for ${clients} clients take ${share} of the loop`);
    }
  });

  it("leave others more than they take, and are as short as that allows after long passes", () => {
    const shares = [1000, 3000, 20_000].map(
      (clients) => simulate([{ clients, perSecond: 500, otherShare: 0.1 }]).share,
    );
    const [short, medium, long] = shares as [number, number, number];
    assert.ok(short > 0.4 && short <= 0.52, `short passes take ${short}`);
    assert.ok(medium > short && long > medium && long < 0.85, `longer passes take ${medium} and ${long}`);
  });

  it("leave time to a Node-RED that is busy with something else", () => {
    const { share } = simulate([{ clients: 100, perSecond: 300, otherShare: 0.7 }]);
    assert.ok(share < 0.2, `passes take ${share} of the loop`);
  });

  it("grow as the loop fills, and with them what a reading waits", () => {
    const waits = [750, 850, 950, 1050, 1200].map((perSecond) => simulate([{ clients: 100, perSecond }]).meanWaitMs);
    const sorted = [...waits].sort((a, b) => a - b);
    assert.deepEqual(waits, sorted);
    const [first, last] = [waits[0] as number, waits.at(-1) as number];
    assert.ok(first < 0.1 && last > 2 && last < 6, `from ${first} to ${last} ms`);
  });

  it("end when the load does", () => {
    const { maxWaitMs } = simulate([
      { clients: 10, perSecond: 30_000, otherShare: 0.4 },
      { clients: 100, perSecond: 300 },
    ]);
    assert.equal(maxWaitMs, 0);
  });
});
