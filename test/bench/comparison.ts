import { type Table, times } from "./report";
import type { Figure, RunOptions, Workload } from "./workloads/workload";

export interface ComparisonOptions extends Omit<RunOptions, "packageRoot"> {
  /** Roots of two checkouts that are built. */
  readonly before: string;
  readonly after: string;
  /** How often to measure each. */
  readonly rounds: number;
}

/**
 * Measures two checkouts in turns, so that what disturbs the machine disturbs both. A ratio is the median of those of
 * the rounds; the range of them says what it is worth.
 */
export async function compare(workloads: readonly Workload[], options: ComparisonOptions): Promise<Table> {
  const rows: string[][] = [];
  for (const { name, figures } of workloads) {
    if (figures === undefined) continue;
    const before: Figure[][] = [];
    const after: Figure[][] = [];
    const measureBefore = async () => before.push(await figures({ ...options, packageRoot: options.before }));
    const measureAfter = async () => after.push(await figures({ ...options, packageRoot: options.after }));
    for (let round = 0; round < options.rounds; round++) {
      // Who comes second finds a warmer machine.
      const turns = round % 2 === 0 ? [measureBefore, measureAfter] : [measureAfter, measureBefore];
      for (const measure of turns) await measure();
    }
    for (const [index, { what, unit }] of (before[0] ?? []).entries()) {
      const ofBefore = before.map((row) => row[index]?.value ?? Number.NaN);
      const ofAfter = after.map((row) => row[index]?.value ?? Number.NaN);
      const ratios = ofAfter.map((value, round) => ratio(value, ofBefore[round] ?? Number.NaN));
      const range = `${times(Math.min(...ratios))} to ${times(Math.max(...ratios))}`;
      rows.push([name, what, unit(median(ofBefore)), unit(median(ofAfter)), times(median(ratios)), range]);
    }
  }
  return { columns: ["workload", "figure", "before", "after", "ratio", "ratios of the rounds"], rows };
}

function ratio(after: number, before: number): number {
  return after === before ? 1 : after / before;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}
