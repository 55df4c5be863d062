import { cpus } from "node:os";
import { slopeOf } from "./slope";
import type { SoakOptions, SoakReport } from "./soak";

/** A turn of the event loop must not take more processor time than this. */
export const LONGEST_TURN_MS = 100;
/** Below so long, memory still grows into what it needs. */
const SLOPE_MIN_MS = 10 * 60_000;
/** In MB a minute: what is less is no leak that a year would show. */
const FLAT_MB_PER_MINUTE = 0.2;

/** What is wrong with a soak, in sentences; nothing if it passed. */
export function verdictOn(report: SoakReport): string[] {
  const { before, after, longestTurnMs, ranMs } = report;
  const wrong = [...report.wrong];
  for (const kind of ["files", "threads", "processes"] as const) {
    if (after[kind] > before[kind]) wrong.push(`there were ${before[kind]} ${kind} before, and ${after[kind]} after`);
  }
  if (longestTurnMs > LONGEST_TURN_MS)
    wrong.push(`a turn of the event loop took ${Math.round(longestTurnMs)} ms of processor time`);
  const { perMinute, error } = slopeOf(lastHalf(report));
  if (ranMs >= SLOPE_MIN_MS && perMinute > 2 * error && perMinute > FLAT_MB_PER_MINUTE) {
    wrong.push(`memory grows by ${perMinute.toFixed(2)} ± ${error.toFixed(2)} MB a minute`);
  }
  return wrong;
}

/** A report in Markdown. */
export function written(report: SoakReport, { minutes, seed }: SoakOptions): string {
  const { clients, done, memory, before, after } = report;
  const { perMinute, error } = slopeOf(lastHalf(report));
  const wrong = verdictOn(report);
  const levels = memory.map(([, mb]) => mb);
  const at = (share: number): string => `${Math.round(levels[Math.floor(share * (levels.length - 1))] ?? 0)} MB`;
  const rows = [
    ["asked for", `${minutes} minutes, seed ${seed}`],
    [
      "ran",
      `${(report.ranMs / 60_000).toFixed(1)} minutes, until ${new Date().toISOString()}, Node.js ${process.version}, ${cpus().length} cores`,
    ],
    ["datagrams sent", String(report.datagrams)],
    [
      "clients",
      Object.entries(clients.came)
        .map(([kind, count]) => `${count} ${kind}`)
        .join(", "),
    ],
    ["readings received by them", String(clients.received)],
    ["came back with `since`", `${clients.resumed}, of which ${clients.missed} were told that they missed something`],
    [
      "closings by code",
      [...clients.closings]
        .sort(([a], [b]) => a - b)
        .map(([code, count]) => `${code}: ${count}`)
        .join(", "),
    ],
    [
      "disturbances",
      Object.entries(done)
        .map(([what, count]) => `${count} × ${what}`)
        .join(", "),
    ],
    ["accounts balanced", `${report.balancedTimes} times looked at`],
    [
      "longest turn of the event loop",
      `${report.longestTurnMs.toFixed(1)} ms of processor time (bound: ${LONGEST_TURN_MS} ms), but for blocks and deploys`,
    ],
    [
      "memory (RSS)",
      `${at(0)} at first, ${at(0.5)} half-way, ${at(1)} at the end, ${Math.round(Math.max(...levels))} MB at most`,
    ],
    ["slope of the last half", `${perMinute.toFixed(3)} ± ${error.toFixed(3)} MB a minute`],
    [
      "files, threads, processes",
      `${before.files}, ${before.threads}, ${before.processes} before; ${after.files}, ${after.threads}, ${after.processes} after`,
    ],
    ["verdict", wrong.length === 0 ? "passed" : `failed: ${wrong.join("; ")}`],
  ];
  return `| | |\n| --- | --- |\n${rows.map(([name, value]) => `| ${name} | ${value} |`).join("\n")}\n`;
}

function lastHalf({ memory }: SoakReport): SoakReport["memory"] {
  return memory.slice(Math.floor(memory.length / 2));
}
