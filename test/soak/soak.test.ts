import assert from "node:assert/strict";
import { verdictOn, written } from "./report";
import { meansOf, slopeOf } from "./slope";
import { soak } from "./soak";

const OPTIONS = { minutes: 2, seed: 20_260_101 };
const TIMEOUT_MS = 300_000;

describe("a soak", () => {
  it("of two minutes leaves everything accounted for, and nothing behind", async function () {
    this.timeout(TIMEOUT_MS);
    const report = await soak(OPTIONS);
    assert.deepEqual(verdictOn(report), [], written(report, OPTIONS));
    assert.ok(report.balancedTimes > 0 && report.clients.received > 0);
  });

  it("is not surer of a slope than garbage that comes and goes allows", () => {
    const sawtooth = Array.from({ length: 600 }, (_, s) => [s * 1000, 100 + (s % 250) / 5] as const);
    const [all, parts] = [slopeOf(sawtooth), slopeOf(meansOf(sawtooth, 10))];
    assert.ok(parts.error > 2 * all.error, `${parts.error}, ${all.error}`);
    assert.ok(Math.abs(parts.perMinute) < 2 * parts.error, `${parts.perMinute} ± ${parts.error}`);
  });

  it("sees a slope, and how sure it is of it", () => {
    const { perMinute, error } = slopeOf(
      Array.from({ length: 61 }, (_, s) => [s * 1000, 100 + s / 60 + (s % 2)] as const),
    );
    assert.ok(Math.abs(perMinute - 1) < 3 * error && error < 0.3, `${perMinute} ± ${error}`);
    assert.deepEqual(
      slopeOf([
        [0, 5],
        [1000, 5],
        [2000, 5],
      ]),
      { perMinute: 0, error: 0 },
    );
  });
});
