import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sentence } from "../text/sentence";
import { UserError } from "../text/user-error";

/** Of an installation, where it is. */
export interface InstallationFiles {
  readonly manifest: string;
  /** Differs where the code does. Sources that were not built have none. */
  readonly buildId: string;
}

/** From here in the sources and in what is built of them. */
const FILES: InstallationFiles = {
  manifest: join(__dirname, "../../../package.json"),
  buildId: join(__dirname, "../../build-id.txt"),
};

/** The files are those of another version than the one that runs, or of another build of it. */
export class PackageReplacedError extends UserError {
  readonly code = "PACKAGE_REPLACED";
}

/** The files of a package, which are those that run as this is made. */
export class Installation {
  readonly #files: InstallationFiles;
  readonly #running: string | undefined;
  readonly #runningBuild: string | undefined;

  constructor(files: InstallationFiles) {
    this.#files = files;
    this.#running = versionIn(files.manifest);
    this.#runningBuild = textOf(files.buildId);
  }

  /**
   * To be called before a thread or a process is started. Files that are gone are none of its concern: those cannot be
   * started.
   * @throws {PackageReplacedError}
   */
  check(): void {
    const running = this.#running;
    const installed = versionIn(this.#files.manifest);
    if (running === undefined || installed === undefined) return;
    if (installed !== running) {
      throw new PackageReplacedError(sentence("installation.replaced", { installed, running }));
    }
    const build = textOf(this.#files.buildId);
    if (build === undefined || this.#runningBuild === undefined || build === this.#runningBuild) return;
    throw new PackageReplacedError(sentence("installation.rebuilt", { running }));
  }
}

/** Of the package that this is part of. */
export const installation = new Installation(FILES);

/** @returns `undefined` when there is none: the package is removed, or just being replaced */
function versionIn(manifest: string): string | undefined {
  try {
    const { version } = JSON.parse(textOf(manifest) ?? "{}") as { version?: unknown };
    return typeof version === "string" ? version : undefined;
  } catch {
    return undefined;
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
