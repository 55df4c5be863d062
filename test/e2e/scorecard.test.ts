import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { cp, mkdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { packTarball, type Tarball } from "../support/tarball";
import { LocalRegistry } from "./local-registry";

const TEST_TIMEOUT_MS = 300_000;
const SCORECARD_TIMEOUT_MS = 120_000;
const NODE_MODULES = resolve(__dirname, "../../node_modules");
const NODE_RED_DEV = join(__dirname, "node_modules/node-red-dev/bin/run");

/** One check, of those that Node-RED's flow library shows as the scorecard of a package. */
interface Check {
  readonly test: boolean;
  readonly nodes?: readonly string[];
  readonly versions?: readonly string[];
}

describe("The scorecard of the flow library", function () {
  this.timeout(TEST_TIMEOUT_MS);
  let registry: LocalRegistry;
  let tarball: Tarball;
  let checks: Record<string, Check>;

  before(async () => {
    registry = await LocalRegistry.start();
    tarball = await packTarball();
    await registry.publish(tarball);
    for (const dependency of Object.keys(tarball.manifest.dependencies ?? {})) {
      registry.describe(manifestOf(join(NODE_MODULES, dependency)));
    }
    registry.describe(manifestOf(join(NODE_MODULES, "node-red")));
    registry.describe(manifestOf(join(__dirname, "node_modules/node-red")));
    checks = await scorecard();
  });

  after(async () => {
    await tarball?.remove();
    await registry?.close();
  });

  it("has nothing to object to", () => {
    const failed = Object.entries(checks).filter(([, { test }]) => test === false);
    assert.deepEqual(failed, []);
  });

  it("is of all checks that are made at present", () => {
    const made = Object.keys(checks).filter((name) => /^[A-Z]\d\d$/.test(name));
    assert.deepEqual(made.sort(), ["D01", "D02", "D03", "N01", "N02", "P01", "P03", "P04", "P05", "P06", "P07", "P08"]);
  });

  it("finds our nodes in examples, and the newest Node-RED among those that they are for", () => {
    assert.deepEqual([...(checks.N02?.nodes ?? [])].sort(), ["udp-sensor-in", "ws-broadcast-out"]);
    assert.deepEqual(checks.P06?.versions, [manifestOf(join(__dirname, "node_modules/node-red")).version]);
  });

  /** It exits with 0 even if a check fails. */
  async function scorecard(): Promise<Record<string, Check>> {
    const unpacked = await tarball.unpack();
    // It looks at the versions that are installed, too.
    for (const dependency of Object.keys(tarball.manifest.dependencies ?? {})) {
      const installed = join(unpacked, "node_modules", dependency);
      await mkdir(installed, { recursive: true });
      await cp(join(NODE_MODULES, dependency, "package.json"), join(installed, "package.json"));
    }
    const output = join(unpacked, "scorecard.json");
    await promisify(execFile)(process.execPath, [NODE_RED_DEV, "validate", "-p", unpacked, "-o", output], {
      env: {
        ...process.env,
        NODE_OPTIONS: `--require ${join(__dirname, "scorecard-hosts.cjs")}`,
        SCORECARD_REGISTRY: registry.url,
        SCORECARD_CATALOGUE: registry.catalogueUrl,
        npm_config_registry: registry.url,
      },
      timeout: SCORECARD_TIMEOUT_MS,
    });
    return JSON.parse(await readFile(output, "utf8"));
  }
});

function manifestOf(directory: string) {
  return JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
}
