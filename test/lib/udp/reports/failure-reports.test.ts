import assert from "node:assert/strict";
import { FailureReports } from "../../../../nodes/lib/udp/reports/failure-reports";
import { FakeClock } from "../../../support/fake-clock";

const TAKEN = { message: "port 5000 is in use by another socket", brief: "port in use", code: "EADDRINUSE" };
const GONE = { message: "port 5000 on eth0: gone", brief: "gone", code: "ENODEV" };

describe("failure reports", () => {
  let clock: FakeClock;
  let shown: string[];
  let reported: string[];
  let reports: FailureReports;

  beforeEach(() => {
    clock = new FakeClock();
    shown = [];
    reported = [];
    const port = {
      show: ({ brief }: typeof TAKEN) => shown.push(brief),
      report: ({ code }: typeof TAKEN) => reported.push(code),
    };
    reports = new FailureReports(port, clock);
  });

  function fail(failure: typeof TAKEN): void {
    reports.add(failure);
    clock.advance(0);
  }

  it("waits until the whole flow has started", () => {
    reports.add(TAKEN);
    assert.deepEqual([...shown, ...reported], []);
    clock.advance(0);
    assert.deepEqual([...shown, ...reported], ["port in use", "EADDRINUSE"]);
  });

  it("shows every failure but reports each only once", () => {
    for (const failure of [TAKEN, TAKEN, GONE, TAKEN]) fail(failure);
    assert.deepEqual(shown, ["port in use", "port in use", "gone", "port in use"]);
    assert.deepEqual(reported, ["EADDRINUSE", "ENODEV"]);
  });

  it("reports a failure again that comes back after all was well", () => {
    fail(TAKEN);
    reports.clear();
    fail(TAKEN);
    assert.deepEqual(reported, ["EADDRINUSE", "EADDRINUSE"]);
  });

  it("says nothing more once stopped", () => {
    reports.add(TAKEN);
    reports.stop();
    clock.advance(0);
    assert.deepEqual(reported, []);
    assert.equal(clock.pending, 0);
  });
});
