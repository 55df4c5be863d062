import { deepEqual } from "node:assert/strict";
import { inEnglish } from "../../../../nodes/lib/text/sentence";
import { Starts } from "../../../../nodes/lib/ws/senders/starts";
import { FakeClock } from "../../../support/fake-clock";

const ASKED = 3;
const REFUSED = Object.assign(new Error("spawn EAGAIN"), { code: "EAGAIN" });
const REASON =
  "the system allows no more processes now, EAGAIN: raise ulimit -u, or the limit of the service or container";
const SOME = (running: number): string =>
  `${running} of 3 sender processes run and serve the clients: no more can be started (${REASON}). Node-RED goes on trying`;

describe("what users are told of senders that cannot be started", () => {
  let clock: FakeClock;
  let notices: string[];
  /** How many the system allows. */
  let allowed: number;
  let starting: number;
  let ready: number;
  let starts: Starts;

  beforeEach(() => {
    clock = new FakeClock();
    notices = [];
    allowed = ASKED;
    starting = 0;
    ready = 0;
    starts = new Starts({
      asked: ASKED,
      clock,
      start() {
        if (starting + ready >= allowed) throw REFUSED;
        starting++;
      },
      senders: () => ({ starting, ready }),
      notice: (notice) => notices.push(inEnglish(notice)),
    });
  });

  function startAll(): void {
    for (let count = 0; count < ASKED; count++) starts.start();
  }

  function becomesReady(): void {
    starting--;
    ready++;
    starts.succeeded();
  }

  function dies(): void {
    ready--;
    starts.replace({ wasReady: true, age: 60_000 }, new Error("it ended with SIGKILL"));
  }

  it("is nothing where all run", () => {
    startAll();
    for (let count = 0; count < ASKED; count++) becomesReady();
    dies();
    clock.runNext();
    becomesReady();
    deepEqual([notices, clock.pending], [[], 0]);
  });

  it("is how many of them run and why, once those have started, and once only, however often it is tried", () => {
    allowed = 2;
    startAll();
    becomesReady();
    deepEqual(notices, []);
    becomesReady();
    deepEqual(notices, [SOME(2)]);
    for (let attempt = 0; attempt < 10; attempt++) clock.runNext();
    deepEqual(notices, [SOME(2)]);
  });

  it("is said of a process that ends before it can serve, too", () => {
    startAll();
    becomesReady();
    becomesReady();
    starting--;
    starts.replace({ wasReady: false, age: 10 }, REFUSED);
    deepEqual(notices, [SOME(2)]);
  });

  it("is said again when their number changes, and after all have run", () => {
    allowed = 2;
    startAll();
    becomesReady();
    becomesReady();
    allowed = 1;
    dies();
    for (let attempt = 0; attempt < 2; attempt++) clock.runNext();
    deepEqual(notices, [SOME(2), SOME(1)]);
    allowed = ASKED;
    for (let attempt = 0; attempt < 2; attempt++) clock.runNext();
    becomesReady();
    becomesReady();
    allowed = 2;
    dies();
    clock.runNext();
    deepEqual(notices, [SOME(2), SOME(1), SOME(2)]);
  });

  it("is that Node-RED serves the clients where there is none", () => {
    allowed = 0;
    startAll();
    deepEqual(notices, [
      `clients are served by Node-RED itself, as if senders were 0: no process can be started (${REASON})`,
    ]);
  });

  it("is nothing any more once they are stopped", () => {
    allowed = 1;
    startAll();
    starts.stop();
    becomesReady();
    deepEqual([notices, clock.pending], [[], 0]);
  });
});
