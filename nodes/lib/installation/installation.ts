import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sentence } from "../text/sentence";
import { UserError } from "../text/user-error";

/** From here in the sources and in what is built of them. */
const MANIFEST = join(__dirname, "../../../package.json");

/** The files are those of another version than the one that runs. */
export class PackageReplacedError extends UserError {
  readonly code = "PACKAGE_REPLACED";
}

/** The files of a package, which is of the version that runs as this is made. */
export class Installation {
  readonly #manifest: string;
  readonly #running: string | undefined;

  constructor(manifest: string) {
    this.#manifest = manifest;
    this.#running = versionIn(manifest);
  }

  /**
   * To be called before a thread or a process is started. Files that are gone are none of its concern: those cannot be
   * started.
   * @throws {PackageReplacedError}
   */
  check(): void {
    const running = this.#running;
    const installed = versionIn(this.#manifest);
    if (running === undefined || installed === undefined || installed === running) return;
    throw new PackageReplacedError(sentence("installation.replaced", { installed, running }));
  }
}

/** Of the package that this is part of. */
export const installation = new Installation(MANIFEST);

/** @returns `undefined` when there is none: the package is removed, or just being replaced */
function versionIn(manifest: string): string | undefined {
  try {
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version?: unknown };
    return typeof version === "string" ? version : undefined;
  } catch {
    return undefined;
  }
}
