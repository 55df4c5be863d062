import { cpus } from "node:os";
import type { Level } from "./memory-watch";
import { meansOf, type Slope, slopeOf } from "./slope";
import type { SoakOptions, SoakReport } from "./soak";

/** Of the last half, through whose means its slope is laid. */
const PARTS = 10;
/** A turn of the event loop must not take more processor time than this. */
export const LONGEST_TURN_MS = 100;
/** Below so long, memory still grows into what it needs. */
const SLOPE_MIN_MS = 10 * 60_000;
/** In MB a minute: what is less cannot be told from the allocator's coming and going. */
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
  for (const [what, levels] of [
    ["memory", report.memory.resident],
    ["what is in use", report.memory.inUse],
  ] as const) {
    const slope = slopeOf(lastHalf(levels));
    const grows = slope.perMinute > 2 * slope.error && slope.perMinute > FLAT_MB_PER_MINUTE;
    if (ranMs >= SLOPE_MIN_MS && grows) wrong.push(`${what} grows by ${inWords(slope)}`);
  }
  return wrong;
}

/** A report in Markdown. */
export function written(report: SoakReport, { minutes, seed }: SoakOptions): string {
  const { clients, done, memory, before, after } = report;
  const wrong = verdictOn(report);
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
    ["memory (RSS)", course(memory.resident)],
    ["its slope over the last half", inWords(slopeOf(lastHalf(memory.resident)))],
    ["of it in use after collecting garbage", course(memory.inUse)],
    ["its slope over the last half", inWords(slopeOf(lastHalf(memory.inUse)))],
    ["a sender process (RSS)", `${Math.round(memory.senderPeakMb)} MB at most`],
    [
      "files, threads, processes",
      `${before.files}, ${before.threads}, ${before.processes} before; ${after.files}, ${after.threads}, ${after.processes} after`,
    ],
    ["verdict", wrong.length === 0 ? "passed" : `failed: ${wrong.join("; ")}`],
  ];
  return `| | |\n| --- | --- |\n${rows.map(([name, value]) => `| ${name} | ${value} |`).join("\n")}\n`;
}

function lastHalf(levels: readonly Level[]): readonly Level[] {
  return meansOf(levels.slice(Math.floor(levels.length / 2)), PARTS);
}

function course(levels: readonly Level[]): string {
  const mb = levels.map(([, level]) => level);
  const at = (share: number): string => `${Math.round(mb[Math.floor(share * (mb.length - 1))] ?? 0)} MB`;
  return `${at(0)} at first, ${at(0.5)} half-way, ${at(1)} at the end, ${Math.round(Math.max(...mb))} MB at most`;
}

function inWords({ perMinute, error }: Slope): string {
  return `${perMinute.toFixed(3)} ± ${error.toFixed(3)} MB a minute`;
}
