import { readFileSync } from "node:fs";
import { relative } from "node:path";
import type { Table } from "./report";

/** The parts of the `.cpuprofile` format of V8 that are used here. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** In µs: the time from the sample before to this one. */
  readonly timeDeltas: readonly number[];
}

const SHOWN = 25;
const IDLE = "(idle)";

/** The functions that took most time themselves, as shares of all the time the process was busy. */
export function selfTimes(file: string): Table {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, "utf8")) as CpuProfile;
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const selfUs = new Map<string, number>();
  let busyUs = 0;
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? "";
    if (name === IDLE) continue;
    // A sample stands for the time until the next one.
    const deltaUs = timeDeltas[index + 1] ?? 0;
    selfUs.set(name, (selfUs.get(name) ?? 0) + deltaUs);
    busyUs += deltaUs;
  }
  const byTime = [...selfUs].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
  return { columns: ["self time", "function"], rows: byTime.map(([name, us]) => [share(us / busyUs), name]) };
}

function share(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}

function nameOf({ functionName, url, lineNumber }: CpuProfile["nodes"][number]["callFrame"]): string {
  const name = functionName || "(anonymous)";
  if (url === "") return name;
  const path = url.startsWith("file:")
    ? relative(process.cwd(), new URL(url).pathname)
    : url.replace(process.cwd(), "");
  return `${name} ${path}:${lineNumber + 1}`;
}
