import { doesNotThrow, throws } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Installation, installation } from "../../../nodes/lib/installation/installation";

describe("installation", () => {
  let directory: string;
  let manifest: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "sensorcast-installation-"));
    manifest = join(directory, "package.json");
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  function install(version: string): void {
    writeFileSync(manifest, JSON.stringify({ version }));
  }

  it("is what runs as long as the version is the same, also when it was installed again", () => {
    install("1.2.3");
    const installed = new Installation(manifest);
    rmSync(manifest);
    install("1.2.3");
    doesNotThrow(() => installed.check());
    doesNotThrow(() => installation.check());
  });

  it("is not what runs once another version was installed, and says what to do", () => {
    install("1.2.3");
    const installed = new Installation(manifest);
    install("1.3.0");
    throws(() => installed.check(), {
      code: "PACKAGE_REPLACED",
      message: "version 1.3.0 of the package was installed while Node-RED runs 1.2.3: restart Node-RED",
    });
  });

  it("says nothing of a package that was removed", () => {
    install("1.2.3");
    const installed = new Installation(manifest);
    rmSync(manifest);
    doesNotThrow(() => installed.check());
  });
});
