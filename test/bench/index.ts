// Measures this package against the core nodes of Node-RED, or against another checkout of itself, with real datagrams, flows
// and sockets; prints Markdown.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { compare } from "./comparison";
import { selfTimes } from "./cpu-profile";
import { describeMachine } from "./machine";
import { markdown, type Report, type Target, targetTable } from "./report";
import { resultsOf, writeResults } from "./results";
import { PACKAGE_ROOT } from "./server-under-test";
import { blocked } from "./workloads/blocked";
import { compression } from "./workloads/compression";
import { decoders } from "./workloads/decoders";
import { fanOuts } from "./workloads/fan-out";
import { freshness } from "./workloads/freshness";
import { growth } from "./workloads/growth";
import { history } from "./workloads/history";
import { idle } from "./workloads/idle";
import { loadCurve } from "./workloads/load-curve";
import { oneSender } from "./workloads/one-sender";
import { receiver } from "./workloads/receiver";
import { stalls } from "./workloads/stalled";

const STANDARD = [...fanOuts, oneSender, ...stalls, blocked, idle, freshness, history, receiver, decoders, compression];
/** Those that take many minutes have to be asked for. */
const WORKLOADS = [...STANDARD, ...loadCurve, ...growth];
/** Those that say something in a short time. */
const QUICK = [...fanOuts.filter(({ name }) => name !== "10000x100"), decoders];
const DEFAULT_SECONDS = 5;
const QUICK_SECONDS = 1;
const DEFAULT_ROUNDS = 3;

const USAGE = `npm run bench -- [--only ${WORKLOADS.map(({ name }) => name).join("|")}]… [--seconds N] [--quick] [--growth] [--profile DIR] [--json FILE] [--other-node FILE] [--against DIR [--rounds N]]`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", multiple: true },
      seconds: { type: "string" },
      quick: { type: "boolean", default: false },
      profile: { type: "string" },
      json: { type: "string" },
      "other-node": { type: "string" },
      growth: { type: "boolean", default: false },
      against: { type: "string" },
      rounds: { type: "string", default: String(DEFAULT_ROUNDS) },
    },
  });
  const seconds = Number(values.seconds ?? (values.quick ? QUICK_SECONDS : DEFAULT_SECONDS));
  const { only } = values;
  const standard = values.quick ? QUICK : values.growth ? growth : STANDARD;
  const chosen = only === undefined ? standard : WORKLOADS.filter(({ name }) => only.includes(name));
  const rounds = Number(values.rounds);
  if (chosen.length === 0 || !(seconds > 0) || !(rounds > 0)) throw new Error(USAGE);

  console.log(`${describeMachine()}\n`);
  const progress = (line: string): void => console.error(line);
  const options = { seconds, profileDir: values.profile, otherNode: values["other-node"], progress };
  if (values.against !== undefined) {
    const checkouts = { before: resolve(values.against), after: PACKAGE_ROOT, rounds };
    console.log(markdown(await compare(chosen, { ...options, ...checkouts })));
    return;
  }
  const { otherNode } = options;
  const otherVersion = otherNode && execFileSync(otherNode, ["--version"], { encoding: "utf8" }).trim();
  const startedAt = performance.now();
  const targets: Target[] = [];
  const reports = new Map<string, Report>();
  for (const workload of chosen) {
    const report = await workload.run({ ...options, packageRoot: PACKAGE_ROOT });
    reports.set(workload.name, report);
    if (values.json !== undefined) writeResults(values.json, resultsOf(reports, otherVersion));
    console.log(`### ${report.title}\n\n${markdown(report.table)}\n`);
    targets.push(...report.targets);
  }
  if (values.profile !== undefined) printProfiles(values.profile);
  if (targets.length > 0) console.log(`### Figures to reach\n\n${markdown(targetTable(targets))}`);
  console.log(`\nTook ${Math.round((performance.now() - startedAt) / 1000)} s.`);
}

function printProfiles(directory: string): void {
  for (const file of readdirSync(directory).filter((name) => name.endsWith(".cpuprofile"))) {
    console.log(`### Profile of ${file}\n\n${markdown(selfTimes(join(directory, file)))}\n`);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
