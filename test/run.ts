// Runs all tests and leaves their figures in test/results.json. Those in a browser wait for the browser most of the time: they
// run in two processes side by side, one for each Node-RED. All others have the machine to themselves, since some measure.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { targets } from "./e2e/targets";
import { RESULTS, type Results } from "./support/results";

const MOCHA = require.resolve("mocha/bin/mocha.js");
const ROOT = resolve(__dirname, "..");
const IN_BROWSER = ["test/e2e/*.test.ts"];
const OTHERS = ["test/{lib,nodes}/**/*.test.ts", "test/!(lib|nodes|e2e)/**/*.test.ts"];
/** A run that did not come to its end. */
const BROKEN: Results = { passed: 0, failed: 1, skipped: 0, ms: 0 };

/** @returns its figures, and what it printed unless that was shown */
async function mocha(
  args: readonly string[],
  output: "shown" | "kept",
): Promise<{ results: Results; printed: string }> {
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
  const [code] = await once(child, "close");
  const results = resultsIn(file) ?? BROKEN;
  rmSync(directory, { recursive: true });
  const isBroken = code !== 0 && results.failed === 0;
  return { results: isBroken ? { ...results, failed: 1 } : results, printed };
}

function resultsIn(file: string): Results | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    console.error(`A test run left no results: ${error}`);
    return undefined;
  }
}

async function inBrowser(): Promise<Results[]> {
  const [, second] = targets;
  if (second === undefined) return [(await mocha(IN_BROWSER, "shown")).results];
  // Titles end like that: see describeTargets.
  const ofSecond = ["--grep", `in ${second.name}`];
  const other = mocha([...IN_BROWSER, ...ofSecond], "kept");
  const { results } = await mocha([...IN_BROWSER, ...ofSecond, "--invert"], "shown");
  const { results: otherResults, printed } = await other;
  console.log(printed);
  return [results, otherResults];
}

async function main(chosen: readonly string[]): Promise<Results[]> {
  // Options such as `-g` choose few tests, which need no company.
  if (chosen.length > 0) return [(await mocha([...OTHERS, ...IN_BROWSER, ...chosen], "shown")).results];
  const { results } = await mocha(OTHERS, "shown");
  return [results, ...(await inBrowser())];
}

function sum(runs: readonly Results[]): Results {
  const total = (name: keyof Results): number => runs.reduce((so, run) => so + run[name], 0);
  return { passed: total("passed"), failed: total("failed"), skipped: total("skipped"), ms: total("ms") };
}

main(process.argv.slice(2))
  .then((runs) => {
    const results = sum(runs);
    writeFileSync(RESULTS, `${JSON.stringify(results)}\n`);
    console.log(`${results.passed} passed, ${results.failed} failed, ${results.skipped} skipped`);
    process.exitCode = results.failed > 0 ? 1 : 0;
  })
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
