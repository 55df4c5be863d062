import { readFileSync, writeFileSync } from "node:fs";
import { type Machine, machine } from "./machine";
import type { Figures, Report } from "./report";

/** What runs of the benchmark measured. */
export interface Results {
  readonly machine: Machine;
  /** Of the other Node.js that some of it was measured on, too. */
  readonly otherNode?: string | undefined;
  /** When each workload was measured: ISO 8601, without the time. */
  readonly dates: Readonly<Record<string, string>>;
  /** By name of the workload, then by contestant. */
  readonly workloads: Readonly<Record<string, Readonly<Record<string, Figures>>>>;
}

const SIGNIFICANT_DIGITS = 4;

/** @param reports by name of their workload */
export function resultsOf(reports: ReadonlyMap<string, Report>, otherNode?: string): Results {
  const date = new Date().toISOString().slice(0, 10);
  const measured = [...reports].flatMap(([name, { figures }]) => (figures === undefined ? [] : [[name, figures]]));
  return {
    machine: machine(),
    ...(otherNode !== undefined && { otherNode }),
    dates: Object.fromEntries(measured.map(([name]) => [name, date])),
    workloads: Object.fromEntries(measured),
  };
}

/** Adds what was measured to a file, in place of what it says of the same workloads. */
export function writeResults(file: string, results: Results): void {
  const before = earlier(file);
  const merged: Results = {
    ...before,
    ...results,
    dates: { ...before?.dates, ...results.dates },
    workloads: { ...before?.workloads, ...results.workloads },
  };
  writeFileSync(file, `${JSON.stringify(merged, rounded, 2)}\n`);
}

/** @throws {Error} if the file is missing or is no JSON */
export function readResults(file: string): Results {
  return JSON.parse(readFileSync(file, "utf8")) as Results;
}

function earlier(file: string): Results | undefined {
  try {
    return readResults(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(SIGNIFICANT_DIGITS)) : value;
}
