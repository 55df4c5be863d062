import assert from "node:assert/strict";
import { inEnglish, type MessageKey, sentence } from "../../../../nodes/lib/text/sentence";
import { Refusal, type RefusalStatus } from "../../../../nodes/lib/ws/admission/refusal";
import { RefusalTally } from "../../../../nodes/lib/ws/admission/refusal-tally";
import { FakeClock } from "../../../support/fake-clock";

const TEN_MINUTES_MS = 600_000;

describe("refusal tally", () => {
  let clock: FakeClock;
  let lines: string[];
  let reported: string[];
  let tally: RefusalTally;
  const refuse = (key: MessageKey, status: RefusalStatus = 403, address = "192.0.2.1"): void => {
    tally.add(address, new Refusal(status, sentence(key, { address, max: 1 })));
  };

  beforeEach(() => {
    clock = new FakeClock();
    lines = [];
    reported = [];
    tally = new RefusalTally(
      { report: (address) => reported.push(address), log: (line) => lines.push(inEnglish(line)) },
      clock,
    );
  });

  it("counts all, by status and in all", () => {
    for (let n = 0; n < 100; n++) refuse("admission.full", 503);
    refuse("access.token-needed", 401);
    assert.deepEqual([tally.byStatus, tally.total], [{ 401: 1, 503: 100 }, 101]);
  });

  it("reports ten a second", () => {
    for (let n = 0; n < 30; n++) refuse("admission.full", 503, `192.0.2.${n}`);
    assert.equal(reported.length, 10);
    clock.advance(1000);
    refuse("admission.full", 503);
    assert.equal(reported.length, 11);
  });

  it("logs the first of each kind, with the address, the reason, and what would allow it", () => {
    refuse("admission.address-not-allowed");
    refuse("access.token-needed", 401, "192.0.2.2");
    refuse("admission.address-not-allowed", 403, "192.0.2.3");
    assert.equal(lines.length, 2);
    assert.match(lines[0] ?? "", /^192\.0\.2\.1 was refused \(403\): 192\.0\.2\.1 may not connect here.*allow/);
    assert.match(lines[1] ?? "", /^192\.0\.2\.2 was refused \(401\): a token is needed here.*token/);
  });

  it("logs a kind again after ten minutes, with how many there were meanwhile", () => {
    for (let n = 0; n < 5; n++) refuse("admission.full", 503);
    clock.advance(TEN_MINUTES_MS);
    refuse("admission.full", 503);
    refuse("admission.full", 503);
    assert.equal(lines.length, 2);
    assert.match(lines[1] ?? "", /this server is full.*4 others/);
  });

  it("logs nothing of clients that only have to come back", () => {
    refuse("admission.restarting", 503);
    assert.deepEqual([tally.total, lines.length], [1, 0]);
  });

  it("logs no more of a flood than one line of each kind", () => {
    for (let n = 0; n < 10_000; n++) refuse("admission.full", 503, `192.0.2.${n % 250}`);
    assert.equal(lines.length, 1);
  });
});
