import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Runner, reporters } from "mocha";

const RESULTS = resolve(__dirname, "../results.json");

/** Prints as `spec` does, and leaves the figures of the run in `test/results.json`, for scripts to read. */
class SpecWithResults extends reporters.Spec {
  constructor(runner: Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.once("end", () => {
      const { passes, failures, pending, duration } = this.stats;
      writeFileSync(
        RESULTS,
        `${JSON.stringify({ passed: passes, failed: failures, skipped: pending, ms: duration })}\n`,
      );
    });
  }
}

// Mocha takes a reporter as what `require` returns.
module.exports = SpecWithResults;
