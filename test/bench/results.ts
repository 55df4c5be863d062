import { readFileSync, writeFileSync } from "node:fs";
import { type Machine, machine } from "./machine";
import type { Figures, Report } from "./report";

/** What a run of the benchmark measured. */
export interface Results {
  /** ISO 8601, without the time. */
  readonly date: string;
  readonly machine: Machine;
  readonly seconds: number;
  /** By name of the workload, then by contestant. */
  readonly workloads: Readonly<Record<string, Readonly<Record<string, Figures>>>>;
}

const SIGNIFICANT_DIGITS = 4;

/** @param reports by name of their workload */
export function resultsOf(reports: ReadonlyMap<string, Report>, seconds: number): Results {
  const date = new Date().toISOString().slice(0, 10);
  const measured = [...reports].flatMap(([name, { figures }]) => (figures === undefined ? [] : [[name, figures]]));
  return { date, machine: machine(), seconds, workloads: Object.fromEntries(measured) };
}

/** Adds what was measured to a file, in place of what it says of the same workloads. */
export function writeResults(file: string, { workloads, ...results }: Results): void {
  const merged: Results = { ...results, workloads: { ...earlier(file)?.workloads, ...workloads } };
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
