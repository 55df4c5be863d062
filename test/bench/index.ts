// Measures this package against the core nodes of Node-RED, with real datagrams, flows and sockets; prints Markdown.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { selfTimes } from "./cpu-profile";
import { describeMachine } from "./machine";
import { markdown, type Target, targetTable } from "./report";
import { decoders } from "./workloads/decoders";
import { fanOuts } from "./workloads/fan-out";
import { freshness } from "./workloads/freshness";
import { idle } from "./workloads/idle";
import { stalls } from "./workloads/stalled";

const WORKLOADS = [...fanOuts, ...stalls, idle, freshness, decoders];
/** Those that say something in a short time. */
const QUICK = [...fanOuts.filter(({ name }) => name !== "10000x100"), decoders];
const DEFAULT_SECONDS = 5;
const QUICK_SECONDS = 1;

const USAGE = `npm run bench -- [--only ${WORKLOADS.map(({ name }) => name).join("|")}]… [--seconds N] [--quick] [--profile DIR]`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", multiple: true },
      seconds: { type: "string" },
      quick: { type: "boolean", default: false },
      profile: { type: "string" },
    },
  });
  const seconds = Number(values.seconds ?? (values.quick ? QUICK_SECONDS : DEFAULT_SECONDS));
  const { only } = values;
  const standard = values.quick ? QUICK : WORKLOADS;
  const chosen = only === undefined ? standard : WORKLOADS.filter(({ name }) => only.includes(name));
  if (chosen.length === 0 || !(seconds > 0)) throw new Error(USAGE);

  console.log(`${describeMachine()}\n`);
  const targets: Target[] = [];
  for (const workload of chosen) {
    const progress = (line: string): void => console.error(line);
    const report = await workload.run({ seconds, profileDir: values.profile, progress });
    console.log(`### ${report.title}\n\n${markdown(report.table)}\n`);
    targets.push(...report.targets);
  }
  if (values.profile !== undefined) printProfiles(values.profile);
  if (targets.length > 0) console.log(`### Figures to reach\n\n${markdown(targetTable(targets))}`);
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
