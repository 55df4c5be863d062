import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { BombReport } from "../../../support/decode-bombs";

const HEAP_MB = 256;
/** The promise is 10 ms on an idle machine with warm code. A bomb that goes off takes seconds or the process. */
const MAX_DURATION_MS = 250;
const MAX_ALLOCATED_MB = 10;

describe("bombs", () => {
  let reports: readonly BombReport[];
  let child: ChildProcess | undefined;

  after(() => child?.kill("SIGKILL"));

  before(async function () {
    this.timeout(30_000);
    const script = join(__dirname, "../../../support/decode-bombs.ts");
    child = spawn(
      process.execPath,
      [`--max-old-space-size=${HEAP_MB}`, "--max-semi-space-size=64", "--import", "tsx", script],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    let output = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    const [code] = await once(child, "close");
    assert.equal(code, 0);
    reports = JSON.parse(output);
  });

  it("all go through every decoder in a process with a small heap", () => assert.ok(reports.length > 200));

  it("end with a reading or the decoders' own error", () => {
    assert.deepEqual(
      reports.filter(({ outcome }) => outcome !== "readings" && outcome !== "DecodeError"),
      [],
    );
  });
  it("cost little time", () => {
    assert.deepEqual(
      reports.filter(({ durationMs }) => durationMs > MAX_DURATION_MS),
      [],
    );
  });
  it("cost little memory", () => {
    assert.deepEqual(
      reports.filter(({ allocatedMb }) => allocatedMb > MAX_ALLOCATED_MB),
      [],
    );
  });
});
