import assert from "node:assert/strict";
import { inEnglish, sentence } from "../../../../nodes/lib/text/sentence";
import { FailureReports } from "../../../../nodes/lib/udp/reports/failure-reports";
import { SocketFailure } from "../../../../nodes/lib/udp/socket/socket-failure";
import { FakeClock } from "../../../support/fake-clock";

const place = sentence("socket.port", { port: 5000 });
const TAKEN = new SocketFailure(sentence("socket.in-use", { place }), {
  brief: sentence("socket.status-in-use"),
  code: "EADDRINUSE",
});
const GONE = new SocketFailure(sentence("socket.failed", { place, reason: "gone" }), {
  brief: sentence("socket.status-failed", { code: "gone" }),
  code: "ENODEV",
});

describe("failure reports", () => {
  let clock: FakeClock;
  let shown: string[];
  let reported: string[];
  let reports: FailureReports;

  beforeEach(() => {
    clock = new FakeClock();
    shown = [];
    reported = [];
    reports = new FailureReports(
      { show: (brief) => shown.push(inEnglish(brief)), report: ({ code }) => reported.push(code) },
      clock,
    );
  });

  function fail(failure: SocketFailure): void {
    reports.add(failure, failure.brief);
    clock.advance(0);
  }

  it("waits until the whole flow has started", () => {
    reports.add(TAKEN, TAKEN.brief);
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
    clock.advance(60_000);
    fail(TAKEN);
    assert.deepEqual(reported, ["EADDRINUSE", "EADDRINUSE"]);
  });

  it("reports a failure that comes and goes once a minute", () => {
    for (let second = 0; second < 180; second++) {
      fail(TAKEN);
      reports.clear();
      clock.advance(1000);
    }
    assert.equal(reported.length, 3);
    assert.equal(shown.length, 180);
  });

  it("reports a failure that stays only once, however long it does", () => {
    for (let hour = 0; hour < 100; hour++) {
      fail(TAKEN);
      clock.advance(3_600_000);
    }
    assert.deepEqual(reported, ["EADDRINUSE"]);
  });

  it("says nothing more once stopped", () => {
    reports.add(TAKEN, TAKEN.brief);
    reports.stop();
    clock.advance(0);
    assert.deepEqual(reported, []);
    assert.equal(clock.pending, 0);
  });
});
