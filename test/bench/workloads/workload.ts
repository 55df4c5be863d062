import { percent, type Report, type Unit } from "../report";
import type { RigOptions } from "../rig";

/** How long to measure, and what else to leave behind. */
export interface RunOptions extends RigOptions {
  /** Of the window that is measured; workloads that need time to show something scale with it. */
  readonly seconds: number;
  progress(line: string): void;
  /** Another Node.js to measure this package on, beside the first. */
  readonly otherNode?: string | undefined;
}

/** One that says the less, the better. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: Unit;
}

export interface Workload {
  readonly name: string;
  /** Measures this package beside the core nodes. */
  run(options: RunOptions): Promise<Report>;
  /** Measures this package alone, to compare two checkouts. */
  readonly figures?: (options: RunOptions) => Promise<Figure[]>;
}

/** Whether a figure should be measured again, and why. */
export function disturbances(load: { readonly loadCpu: number; readonly othersCpu: number | undefined }): string {
  const { loadCpu, othersCpu = 0 } = load;
  const causes = [];
  if (loadCpu > MAX_LOAD_CPU) causes.push("load-bound");
  if (othersCpu > MAX_OTHERS_CPU) causes.push(`disturbed: ${percent(othersCpu)} of the core`);
  return causes.join(", ");
}

const MAX_LOAD_CPU = 0.9;
const MAX_OTHERS_CPU = 0.1;
