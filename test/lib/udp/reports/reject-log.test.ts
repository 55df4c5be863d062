import assert from "node:assert/strict";
import { inEnglish, type Sentence, sentence } from "../../../../nodes/lib/text/sentence";
import { RejectLog } from "../../../../nodes/lib/udp/reports/reject-log";
import type { RejectReason } from "../../../../nodes/lib/udp/reports/rejection";
import { FakeClock } from "../../../support/fake-clock";

const ERRORS: Readonly<Record<RejectReason, Sentence>> = {
  size: sentence("udp.too-long", { bytes: 2, max: 1 }),
  sender: sentence("udp.not-allowed"),
  rate: sentence("udp.too-fast", { max: 5 }),
  decode: sentence("decode.empty"),
  depth: sentence("decode.too-deep", { max: 32 }),
  overload: sentence("udp.overload"),
};

describe("reject log", () => {
  let clock: FakeClock;
  let lines: string[];
  let log: RejectLog;

  beforeEach(() => {
    clock = new FakeClock();
    lines = [];
    log = new RejectLog((line) => lines.push(inEnglish(line)), clock);
  });

  function reject(reason: RejectReason, port = 9): void {
    log.add({ ip: "192.0.2.1", port, reason, error: ERRORS[reason] });
  }

  it("writes the first line at once and then at most one a second, which counts them all", () => {
    reject("decode");
    for (let i = 0; i < 10; i++) reject("size");
    reject("depth", 10);
    assert.deepEqual(lines, ["the datagram is empty (from 192.0.2.1:9; rejected datagrams: decode 1)"]);
    clock.advance(1000);
    assert.deepEqual(
      lines[1],
      "the datagram is nested deeper than 32 (from 192.0.2.1:10; rejected datagrams: size 10, depth 1)",
    );
    reject("decode");
    assert.equal(lines.length, 2);
    clock.advance(1000);
    assert.equal(lines.length, 3);
  });

  it("runs no timer while nothing is rejected", () => {
    reject("decode");
    clock.advance(1000);
    assert.equal(clock.pending, 0);
    assert.equal(lines.length, 1);
  });

  it("writes what is left when it stops", () => {
    reject("decode");
    reject("size");
    log.stop();
    assert.equal(lines.length, 2);
    assert.equal(clock.pending, 0);
  });
});
