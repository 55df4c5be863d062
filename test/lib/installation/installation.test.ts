import { doesNotThrow, throws } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Installation, installation } from "../../../nodes/lib/installation/installation";

describe("installation", () => {
  let directory: string;
  let manifest: string;
  let buildId: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "sensorcast-installation-"));
    manifest = join(directory, "package.json");
    buildId = join(directory, "build-id.txt");
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  function install(version: string, id = "a1"): void {
    writeFileSync(manifest, JSON.stringify({ version }));
    writeFileSync(buildId, id);
  }

  it("is what runs as long as the version is the same, also when it was installed again", () => {
    install("1.2.3");
    const installed = new Installation({ manifest, buildId });
    rmSync(manifest);
    install("1.2.3");
    doesNotThrow(() => installed.check());
    doesNotThrow(() => installation.check());
  });

  it("is not what runs once another version was installed, and says what to do", () => {
    install("1.2.3");
    const installed = new Installation({ manifest, buildId });
    install("1.3.0");
    throws(() => installed.check(), {
      code: "PACKAGE_REPLACED",
      message: "version 1.3.0 of the package was installed while Node-RED runs 1.2.3: restart Node-RED",
    });
  });

  it("is not what runs once another build of the same version was installed", () => {
    install("1.2.3");
    const installed = new Installation({ manifest, buildId });
    install("1.2.3", "b2");
    throws(() => installed.check(), {
      code: "PACKAGE_REPLACED",
      message: "another build of version 1.2.3 of the package was installed while Node-RED runs: restart Node-RED",
    });
  });

  it("has a version only where it is not built, or about to be", () => {
    install("1.2.3");
    rmSync(buildId);
    const sources = new Installation({ manifest, buildId });
    install("1.2.3");
    doesNotThrow(() => sources.check());
    const built = new Installation({ manifest, buildId });
    rmSync(buildId);
    doesNotThrow(() => built.check());
  });

  it("says nothing of a package that was removed", () => {
    install("1.2.3");
    const installed = new Installation({ manifest, buildId });
    rmSync(manifest);
    doesNotThrow(() => installed.check());
  });
});
