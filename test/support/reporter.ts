import { writeFileSync } from "node:fs";
import { type Runner, reporters } from "mocha";
import { type Failure, RESULTS, type Results } from "./results";

const EXIT_LIMIT_MS = 15_000;

/**
 * Prints as `spec` does, and leaves the figures of the run in `test/results.json`, or the file that TEST_RESULTS names, for
 * scripts to read.
 *
 * A run that does not end by itself has left something open: that is a failure too, and not a process that waits for ever.
 */
class SpecWithResults extends reporters.Spec {
  readonly #failures: Failure[] = [];

  constructor(runner: Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const watches = process.argv.some((argument) => argument === "--watch" || argument === "-w");
    runner.on("fail", (test: Mocha.Runnable, error: Error) => {
      this.#failures.push({ title: test.fullTitle(), message: error.message });
    });
    runner.once("end", () => {
      this.#writeResults();
      if (!watches) setTimeout(() => this.#endByForce(), EXIT_LIMIT_MS).unref();
    });
  }

  #writeResults(): void {
    const { passes: passed, pending: skipped, duration: ms } = this.stats;
    const failures = this.#failures;
    const results: Results = { passed, failed: failures.length, skipped, ms: ms ?? 0, failures };
    writeFileSync(process.env.TEST_RESULTS ?? RESULTS, `${JSON.stringify(results)}\n`);
  }

  #endByForce(): void {
    const open = process.getActiveResourcesInfo().join(", ");
    const message = `the tests have ended, but after ${EXIT_LIMIT_MS} ms these are still open: ${open}`;
    console.error(message);
    this.#failures.push({ title: "The end of the tests", message });
    this.#writeResults();
    // Mocha sets the exit code of the tests when the process exits; this comes after it.
    process.once("exit", () => {
      process.exitCode = 1;
    });
    process.exit();
  }
}

// Mocha takes a reporter as what `require` returns.
module.exports = SpecWithResults;
