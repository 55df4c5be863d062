// Writes what the last runs of the benchmark measured into the README, and draws it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readScale } from "../scale/scale-results";
import { withScale } from "../scale/scale-section";
import { lineCharts } from "./line-chart";
import { withMeasured } from "./measured-section";
import { readResults } from "./results";
import { PACKAGE_ROOT } from "./server-under-test";
import { growthCharts } from "./workloads/growth";
import { loadCharts } from "./workloads/load-curve";

const README = join(PACKAGE_ROOT, "README.md");
const MEASURED = join(PACKAGE_ROOT, "docs/measured");

const results = readResults(join(MEASURED, "results.json"));
const { "load-curve": load, growth } = results.workloads;
if (load !== undefined) writeFileSync(join(MEASURED, "load.svg"), lineCharts(loadCharts(load)));
if (growth !== undefined) writeFileSync(join(MEASURED, "growth.svg"), lineCharts(growthCharts(growth)));
const scale = readScale(join(MEASURED, "scale.json"));
writeFileSync(README, withScale(withMeasured(readFileSync(README, "utf8"), results), scale));
