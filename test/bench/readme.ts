// Writes what the last runs of the benchmark measured into the README, and draws it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readScale } from "../scale/scale-results";
import { withScale } from "../scale/scale-section";
import { growthCharts, loadCharts } from "./charts";
import { type LineChart, lineCharts } from "./line-chart";
import { withMeasured } from "./measured-section";
import { readResults } from "./results";
import { PACKAGE_ROOT } from "./server-under-test";

const README = join(PACKAGE_ROOT, "README.md");
const MEASURED = join(PACKAGE_ROOT, "docs/measured");

const results = readResults(join(MEASURED, "results.json"));
draw("load.svg", loadCharts(results));
draw("growth.svg", growthCharts(results));
const scale = readScale(join(MEASURED, "scale.json"));
writeFileSync(README, withScale(withMeasured(readFileSync(README, "utf8"), results), scale));

function draw(file: string, charts: readonly LineChart[]): void {
  if (charts.length > 0) writeFileSync(join(MEASURED, file), lineCharts(charts));
}
