import { deepEqual, equal } from "node:assert/strict";
import { FailureLog } from "../../../nodes/lib/node/failure-log";
import { sentence } from "../../../nodes/lib/text/sentence";
import { PublishError } from "../../../nodes/lib/ws/output/publisher";
import { FakeClock } from "../../support/fake-clock";

const gone = (client: string): PublishError => new PublishError(sentence("publish.no-client", { client }));
const behind = new PublishError(sentence("publish.too-far-behind", { client: "a" }));
const unreachable = (reason: string): PublishError => new PublishError(sentence("publish.not-reachable", { reason }));

describe("the log of messages that failed", () => {
  let clock: FakeClock;
  let lines: [about: unknown, more: number][];
  let log: FailureLog;

  beforeEach(() => {
    clock = new FakeClock();
    lines = [];
    log = new FailureLog(({ sentence: { values } }, more) => {
      lines.push([values.client ?? values.reason, more]);
    }, clock);
  });

  it("writes a line a second for each kind, about the last one, with the number of the others", () => {
    for (const client of ["1", "2", "3"]) log.add(gone(client));
    log.add(behind);
    deepEqual(lines.splice(0), [
      ["1", 0],
      ["a", 0],
    ]);
    clock.advance(999);
    log.add(gone("4"));
    deepEqual(lines, []);
    clock.advance(1);
    deepEqual(lines.splice(0), [["4", 3]]);
    clock.advance(1000);
    equal(clock.pending, 0);
    log.add(gone("5"));
    deepEqual(lines, [["5", 0]]);
  });

  it("writes of a state once, and how many met it when it ends or is another one", () => {
    for (let times = 0; times < 3; times++) log.addState(unreachable("in use"));
    clock.advance(60_000);
    deepEqual(lines.splice(0), [["in use", 0]]);
    log.addState(unreachable("forbidden"));
    deepEqual(lines.splice(0), [
      ["in use", 2],
      ["forbidden", 0],
    ]);
    log.endState();
    deepEqual(lines, []);
    log.addState(unreachable("forbidden"));
    deepEqual(lines, [["forbidden", 0]]);
  });

  it("keeps nothing to itself when it is stopped", () => {
    for (let times = 0; times < 3; times++) {
      log.add(behind);
      log.addState(unreachable("in use"));
    }
    lines.length = 0;
    log.stop();
    deepEqual(lines, [
      ["in use", 2],
      ["a", 2],
    ]);
    equal(clock.pending, 0);
  });
});
