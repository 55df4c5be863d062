// Runs all tests and leaves their figures in test/results.json. First those that measure, and what is quick: they have the machine to
// themselves. Then, side by side, those in a browser, which wait for it most of the time, a process for each Node-RED, and those
// that take minutes and measure nothing that company changes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { targets } from "./e2e/targets";
import { RESULTS, type Results } from "./support/results";

const MOCHA = require.resolve("mocha/bin/mocha.js");
const ROOT = resolve(__dirname, "..");
const IN_BROWSER = ["test/e2e/*.test.ts"];
const PATIENT = [
  "test/soak/soak.test.ts",
  "test/lib/ws/compression.slow.test.ts",
  "test/nodes/redeploys.slow.test.ts",
  "test/nodes/udp-sensor-in-redeploys.slow.test.ts",
];
const OTHERS = ["test/{lib,nodes}/**/*.test.ts", "test/!(lib|nodes|e2e)/**/*.test.ts"];
const NONE: Results = { passed: 0, failed: 0, skipped: 0, ms: 0, failures: [] };

type Output = "shown" | "kept until the end";

async function mocha(output: Output, ...args: readonly string[]): Promise<Results> {
  const directory = mkdtempSync(join(tmpdir(), "sensorcast-results-"));
  const file = join(directory, "results.json");
  const child = spawn(process.execPath, [MOCHA, ...args], {
    cwd: ROOT,
    env: { ...process.env, TEST_RESULTS: file },
    stdio: ["ignore", ...(output === "shown" ? (["inherit", "inherit"] as const) : (["pipe", "pipe"] as const))],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
  }
  const [code, signal] = await once(child, "close");
  if (printed) console.log(printed);
  const results = resultsIn(file);
  rmSync(directory, { recursive: true });
  if (results === undefined) return withFailure(NONE, `a test run left no results, and ended with ${signal ?? code}`);
  const isBroken = code !== 0 && results.failed === 0;
  return isBroken ? withFailure(results, `a test run ended with ${signal ?? code}, though no test failed`) : results;
}

function resultsIn(file: string): Results | undefined {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

function withFailure(results: Results, message: string): Results {
  const failure = { title: "The tests", message };
  return { ...results, failed: results.failed + 1, failures: [...results.failures, failure] };
}

function inBrowser(): Promise<Results>[] {
  const [, second] = targets;
  if (second === undefined) return [mocha("shown", ...IN_BROWSER)];
  // Titles end like that: see describeTargets.
  const ofSecond = [...IN_BROWSER, "--grep", `in ${second.name}`];
  return [mocha("shown", ...ofSecond, "--invert"), mocha("kept until the end", ...ofSecond)];
}

async function main(chosen: readonly string[]): Promise<Results[]> {
  // Options such as `-g` choose few tests, which need no company.
  if (chosen.length > 0) return [await mocha("shown", ...OTHERS, ...IN_BROWSER, ...chosen)];
  const results = await mocha("shown", ...OTHERS, ...PATIENT.flatMap((file) => ["--ignore", file]));
  return [results, ...(await Promise.all([...inBrowser(), mocha("kept until the end", ...PATIENT)]))];
}

function sum(runs: readonly Results[]): Results {
  const total = (name: "passed" | "failed" | "skipped" | "ms"): number => runs.reduce((so, run) => so + run[name], 0);
  const failures = runs.flatMap((run) => run.failures);
  return { passed: total("passed"), failed: total("failed"), skipped: total("skipped"), ms: total("ms"), failures };
}

main(process.argv.slice(2))
  .then((runs) => {
    const results = sum(runs);
    writeFileSync(RESULTS, `${JSON.stringify(results)}\n`);
    for (const { title, message } of results.failures) console.log(`FAILED ${title}:\n  ${message}\n`);
    console.log(`${results.passed} passed, ${results.failed} failed, ${results.skipped} skipped`);
    process.exitCode = results.failed > 0 ? 1 : 0;
  })
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
