import assert from "node:assert/strict";
import { SendFailures } from "../../../nodes/lib/udp/send-failures";
import { FakeClock } from "../../support/fake-clock";

describe("send failures", () => {
  it("are reported at once, then by their number every ten seconds", () => {
    const clock = new FakeClock();
    const lines: string[] = [];
    const failures = new SendFailures(({ message }) => lines.push(message), clock);
    for (let n = 0; n < 1000; n++) failures.add(new RangeError(`no ${n}`));
    assert.deepEqual(lines, ["a message could not be sent: RangeError: no 0"]);
    clock.advance(10_000);
    assert.deepEqual(lines.slice(1), [
      "a message could not be sent: RangeError: no 999 (and 998 more since the last report)",
    ]);
    clock.advance(10_000);
    assert.equal(clock.pending, 0);
    failures.add("again");
    assert.equal(lines.length, 3);
    failures.stop();
    assert.equal(clock.pending, 0);
  });
});
