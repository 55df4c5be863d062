import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const PACKAGE_ROOT = resolve(__dirname, "../..");
const PACK_TIMEOUT_MS = 60_000;

/** What `npm publish` would upload. */
export interface Tarball {
  /** The `.tgz`. */
  readonly file: string;
  /** Its files, relative to the package root, with `/`. */
  readonly contents: readonly string[];
  /** Unpacks it. @returns the directory that holds `package.json` */
  unpack(): Promise<string>;
  /** Removes the tarball and what was unpacked. */
  remove(): Promise<void>;
}

/** Packs the package as it is built right now, into a directory of its own. */
export async function packTarball(): Promise<Tarball> {
  const directory = await mkdtemp(join(tmpdir(), "sensorcast-tarball-"));
  const { stdout } = await run(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--loglevel=error", "--pack-destination", directory],
    { cwd: PACKAGE_ROOT, timeout: PACK_TIMEOUT_MS, shell: process.platform === "win32" },
  );
  const packed: unknown = JSON.parse(stdout);
  // npm up to 11 prints a list of packages; from 12 on, an object keyed by their names.
  const [packing] = Object.values(packed as Record<string, { filename: string; files: { path: string }[] }>);
  if (!packing) throw new Error(`npm pack packed nothing: ${stdout}`);
  const file = join(directory, packing.filename);
  return {
    file,
    contents: packing.files.map(({ path }) => path),
    async unpack() {
      await run("tar", ["-xzf", file, "-C", directory], { timeout: PACK_TIMEOUT_MS });
      return join(directory, "package");
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
