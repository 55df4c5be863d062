import { percent, type Report } from "../report";

/** How long to measure, and what else to leave behind. */
export interface RunOptions {
  /** Of the window that is measured; workloads that need time to show something scale with it. */
  readonly seconds: number;
  /** Where CPU profiles of the servers go, if wanted. */
  readonly profileDir: string | undefined;
  progress(line: string): void;
}

export interface Workload {
  readonly name: string;
  run(options: RunOptions): Promise<Report>;
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
