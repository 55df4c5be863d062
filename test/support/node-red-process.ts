import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { freeTcpPort } from "./free-port";

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
const LOOPBACK = "127.0.0.1";

/** Which Node runs which Node-RED: two absolute paths. */
export interface Installation {
  readonly node: string;
  /** Node-RED's `red.js`. */
  readonly nodeRed: string;
}

/** A Node-RED with an empty user directory of its own, on a free port of the loopback interface. */
export interface NodeRedProcess {
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  readonly url: string;
  readonly port: number;
  readonly userDir: string;
  /** Everything printed so far. */
  log(): string;
  isRunning(): boolean;
  /** Ends the process and starts it again, with the same user directory and port. */
  restart(): Promise<void>;
  /** Ends the process and removes its user directory. May be called twice. */
  stop(): Promise<void>;
}

export interface NodeRedOptions {
  /** Merged over the settings of a quiet instance: no telemetry, no tours, no palette catalogue. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Besides that of the tests. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Directories of packages that are installed in it, by a link. */
  readonly packages?: readonly string[];
}

/**
 * Starts a throw-away Node-RED and waits until its flows run.
 *
 * @throws {Error} with all that Node-RED printed, when it ends early or has not started after a minute
 */
export async function startNodeRed(
  installation: Installation,
  { settings = {}, environment = {}, packages = [] }: NodeRedOptions = {},
): Promise<NodeRedProcess> {
  const userDir = await mkdtemp(join(tmpdir(), "sensorcast-node-red-"));
  const port = await freeTcpPort();
  const settingsFile = join(userDir, "settings.js");
  await writeFile(
    settingsFile,
    `module.exports = ${JSON.stringify({ ...quietSettings, uiHost: LOOPBACK, uiPort: port, ...settings }, null, 2)};\n`,
  );
  await linkPackages(userDir, packages);

  let child: ChildProcess;
  let output = "";
  const killWithTests = (): void => {
    child.kill("SIGKILL");
  };
  process.once("exit", killWithTests);
  const stop = async (): Promise<void> => {
    await end(child);
    process.off("exit", killWithTests);
    await rm(userDir, { recursive: true, force: true, maxRetries: 3 });
  };
  const start = async (): Promise<void> => {
    const before = output.length;
    child = spawn(installation.node, [installation.nodeRed, "--userDir", userDir, "--settings", settingsFile], {
      env: { ...environmentOutsideNpm(), ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    try {
      await started(child, () => output.slice(before));
    } catch (error) {
      await stop();
      throw error;
    }
  };
  await start();
  return {
    url: `http://${LOOPBACK}:${port}`,
    port,
    userDir,
    log: () => output,
    isRunning: () => isRunning(child),
    async restart() {
      await end(child);
      await start();
    },
    stop,
  };
}

/** As if npm had installed them: Node-RED loads what the `package.json` of its user directory depends on. */
async function linkPackages(userDir: string, packages: readonly string[]): Promise<void> {
  const dependencies: Record<string, string> = {};
  for (const directory of packages) {
    const { name, version } = JSON.parse(await readFile(join(directory, "package.json"), "utf8"));
    dependencies[name] = version;
    const link = join(userDir, "node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(directory, link, "junction");
  }
  await writeFile(join(userDir, "package.json"), JSON.stringify({ name: "test", version: "0.0.1", dependencies }));
}

const quietSettings = {
  flowFile: "flows.json",
  credentialSecret: "test",
  telemetry: { enabled: false, updateNotification: false },
  diagnostics: { enabled: false, ui: false },
  externalModules: { autoInstall: false, palette: { allowInstall: true, allowUpload: true } },
  // 5.0 opens a tour over the editor, and both ask a catalogue on the network what could be installed. Monaco, which no dialog
  // of ours has, is half of the time that the editor takes to load.
  editorTheme: { tours: false, palette: { catalogues: [] }, codeEditor: { lib: "ace" } },
  uibuilder: { telemetryEnabled: false },
  logging: { console: { level: "info", metrics: false, audit: false } },
};

/**
 * The environment without what npm adds for its scripts: Node-RED runs an npm of its own, in its user directory, which would
 * take these for its own project. What configures npm (registry, proxy) stays.
 */
function environmentOutsideNpm(): NodeJS.ProcessEnv {
  const ofNpmScripts =
    /^(npm_(package|lifecycle)_|npm_(command|execpath|config_local_prefix|config_prefix)$|INIT_CWD$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofNpmScripts.test(name)));
}

function started(child: ChildProcess, output: () => string): Promise<void> {
  let deadline: NodeJS.Timeout | undefined;
  return new Promise<void>((resolve, reject) => {
    const fail = (what: string): void => reject(new Error(`Node-RED ${what}:\n${output()}`));
    deadline = setTimeout(fail, START_TIMEOUT_MS, `has not started within ${START_TIMEOUT_MS} ms`);
    child.stdout?.on("data", () => {
      // In either order.
      if (output().includes("Started flows") && output().includes("Server now running at")) resolve();
    });
    child.once("error", (error) => fail(`cannot be run: ${error.message}`));
    child.once("exit", (code, signal) => fail(`ended with ${code ?? signal}`));
  }).finally(() => clearTimeout(deadline));
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

async function end(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await exit;
  clearTimeout(force);
}
