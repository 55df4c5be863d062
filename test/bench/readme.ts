// Writes what the last runs of the benchmark measured into the README, and draws it.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
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
/** What `npm run scale` leaves. */
const SCALE = join(MEASURED, "scale.json");

const results = readResults(join(MEASURED, "results.json"));
draw("load.svg", loadCharts(results));
draw("growth.svg", growthCharts(results));
const readme = withMeasured(readFileSync(README, "utf8"), results);
writeFileSync(README, existsSync(SCALE) ? withScale(readme, readScale(SCALE)) : readme);

function draw(file: string, charts: readonly LineChart[]): void {
  if (charts.length > 0) writeFileSync(join(MEASURED, file), lineCharts(charts));
}
