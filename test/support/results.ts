import { resolve } from "node:path";

/** What scripts read of a run of the tests. */
export interface Results {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** How long the tests took. */
  readonly ms: number;
  readonly failures: readonly Failure[];
}

export interface Failure {
  /** Of the test and what it is part of. */
  readonly title: string;
  readonly message: string;
}

/** Where they are left. */
export const RESULTS = resolve(__dirname, "../results.json");
