import { deepEqual, equal } from "node:assert/strict";
import { RefusalHistory } from "../../../nodes/lib/live/refusal-history";
import { inEnglish, sentence } from "../../../nodes/lib/text/sentence";
import { FakeClock } from "../../support/fake-clock";

const MINUTE_MS = 60_000;

function refused(origin: string) {
  const said = sentence("admission.origin-foreign", { origin, host: "node.red" });
  return { status: 403, sentence: said, message: inEnglish(said) };
}

describe("the history of refusals", () => {
  let clock: FakeClock;
  let history: RefusalHistory;

  beforeEach(() => {
    clock = new FakeClock();
    history = new RefusalHistory(clock);
  });

  it("counts by kind, the latest first", () => {
    history.add(refused("https://a.example"), "10.0.0.1");
    history.add(refused("https://b.example"), "10.0.0.2");
    clock.advance(500);
    history.add(refused("https://a.example"), "10.0.0.3");
    clock.advance(1000);
    deepEqual(
      history
        .list()
        .map(({ status, reason, count, address, age }) => [status, reason.values.origin, count, address, age]),
      [
        [403, "https://a.example", 2, "10.0.0.3", 1000],
        [403, "https://b.example", 1, "10.0.0.2", 1500],
      ],
    );
  });

  it("forgets what was an hour ago, minute by minute", () => {
    const countAt = () => history.list()[0]?.count;
    history.add(refused("https://a.example"), "10.0.0.1");
    clock.advance(30 * MINUTE_MS);
    history.add(refused("https://a.example"), "10.0.0.1");
    equal(countAt(), 2);
    clock.advance(30 * MINUTE_MS);
    equal(countAt(), 1);
    clock.advance(30 * MINUTE_MS);
    equal(countAt(), undefined);
    clock.advance(1000 * MINUTE_MS);
    history.add(refused("https://a.example"), "10.0.0.1");
    equal(countAt(), 1);
  });

  it("is bounded, whatever origins are invented", () => {
    for (let number = 0; number < 1000; number++) history.add(refused(`https://${number}.example`), "10.0.0.1");
    const rows = history.list();
    equal(rows.length, 50);
    equal(rows[0]?.reason.values.origin, "https://999.example");
  });
});
