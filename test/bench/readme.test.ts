import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { growthCharts, loadCharts } from "./charts";
import { lineCharts } from "./line-chart";
import { withMeasured } from "./measured-section";
import { readResults } from "./results";
import { PACKAGE_ROOT } from "./server-under-test";

const MEASURED = join(PACKAGE_ROOT, "docs/measured");

describe("what the README says was measured", () => {
  const results = readResults(join(MEASURED, "results.json"));

  it("is what the results say, and none of it by hand", () => {
    const readme = readFileSync(join(PACKAGE_ROOT, "README.md"), "utf8");
    assert.equal(readme, withMeasured(readme, results));
  });

  for (const [file, charts] of [
    ["load.svg", loadCharts(results)],
    ["growth.svg", growthCharts(results)],
  ] as const) {
    it(`is drawn in ${file} as the results say`, () => {
      assert.ok(existsSync(join(MEASURED, file)));
      assert.equal(readFileSync(join(MEASURED, file), "utf8"), lineCharts(charts));
    });
  }
});
