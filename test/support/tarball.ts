import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const PACKAGE_ROOT = resolve(__dirname, "../..");
const PACK_TIMEOUT_MS = 180_000;

/** A `package.json`, as far as tests read it. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly keywords?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly engines?: Readonly<Record<string, string>>;
  readonly "node-red"?: { readonly version: string; readonly nodes: Readonly<Record<string, string>> };
}

/** What `npm publish` would upload. */
export interface Tarball {
  /** The `.tgz`. */
  readonly file: string;
  readonly manifest: Manifest;
  /** Its files, relative to the package root, with `/`. */
  readonly contents: readonly string[];
  /** Unpacks it. @returns the directory that holds `package.json` */
  unpack(): Promise<string>;
  /** The same as another version, which has to be removed, too. */
  asVersion(version: string): Promise<Tarball>;
  /** Removes the tarball and what was unpacked. */
  remove(): Promise<void>;
}

/** Packs a package as it is right now, into a directory of its own. @param root of the package; else this one, as it is built */
export async function packTarball(root = PACKAGE_ROOT): Promise<Tarball> {
  const directory = await mkdtemp(join(tmpdir(), "sensorcast-tarball-"));
  const { stdout } = await run(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--loglevel=error", "--pack-destination", directory],
    { cwd: root, timeout: PACK_TIMEOUT_MS, shell: process.platform === "win32" },
  );
  const packed: unknown = JSON.parse(stdout);
  // npm up to 11 prints a list of packages; from 12 on, an object keyed by their names.
  const [packing] = Object.values(packed as Record<string, { filename: string; files: { path: string }[] }>);
  if (!packing) throw new Error(`npm pack packed nothing: ${stdout}`);
  const file = join(directory, packing.filename);
  const unpack = async (): Promise<string> => {
    await run("tar", ["-xzf", file, "-C", directory], { timeout: PACK_TIMEOUT_MS });
    return join(directory, "package");
  };
  return {
    file,
    manifest: await manifestIn(root),
    contents: packing.files.map(({ path }) => path),
    unpack,
    async asVersion(version) {
      const unpacked = await unpack();
      const manifest = { ...(await manifestIn(unpacked)), version };
      await writeFile(join(unpacked, "package.json"), JSON.stringify(manifest, null, 2));
      return await packTarball(unpacked);
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

async function manifestIn(directory: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(directory, "package.json"), "utf8"));
}
