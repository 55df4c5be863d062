import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Remote } from "../bench/remote";
import type { ServerProbe } from "../bench/server-under-test";
import type { DeployType } from "./flow";
import { freeTcpPort } from "./free-port";
import { until } from "./until";

const PACKAGE_ROOT = resolve(__dirname, "../..");
const PACKAGE_SCOPE = "@sensorcast";
const LOOPBACK = "127.0.0.1";
const START_TIMEOUT_MS = 60_000;
const PROBE = join(__dirname, "../bench/server-probe.cjs");
const NODE_RED = join(dirname(createRequire(__filename).resolve("node-red/package.json")), "red.js");

export interface FlowProcessOptions {
  readonly flow: readonly object[];
  /** In the form of Node-RED's credentials file. */
  readonly credentials?: object;
  /** Of Node-RED, besides those that it needs. */
  readonly settings?: object;
  readonly environment?: Readonly<Record<string, string>>;
  /** Modules that are loaded before Node-RED. */
  readonly preload?: readonly string[];
  /** What runs Node.js, if not the shell's way: a program and its parameters, such as `prlimit --nofile=100`. */
  readonly wrapper?: readonly string[];
  /** An existing, empty one. Default: a throw-away one. */
  readonly userDir?: string;
}

/** A Node-RED in a process of its own that runs a flow with this checkout, as it was built. It can be killed and come back. */
export class FlowProcess {
  readonly port: number;
  readonly userDir: string;
  readonly #options: FlowProcessOptions;
  #child!: ChildProcess;
  #probe!: Remote<ServerProbe>;
  #log = "";

  private constructor(options: FlowProcessOptions, port: number, userDir: string) {
    this.#options = options;
    this.port = port;
    this.userDir = userDir;
  }

  /** @throws {Error} with all that Node-RED printed, when the flow does not start */
  static async start(options: FlowProcessOptions): Promise<FlowProcess> {
    const port = await freeTcpPort();
    const userDir = options.userDir ?? (await mkdtemp(join(tmpdir(), "sensorcast-flow-")));
    const started = new FlowProcess(options, port, userDir);
    await started.#prepare();
    try {
      await started.restart();
    } catch (error) {
      await started.stop();
      throw error;
    }
    return started;
  }

  get url(): string {
    return `http://${LOOPBACK}:${this.port}`;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get probe(): Remote<ServerProbe> {
    return this.#probe;
  }

  /** Everything that was printed, also before restarts. */
  get log(): string {
    return this.#log;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Starts Node-RED once it is gone. Resolves when the flow runs. */
  async restart(): Promise<void> {
    const { environment, preload = [], wrapper = [] } = this.#options;
    const from = this.#log.length;
    const node = [
      process.execPath,
      ...[PROBE, ...preload].flatMap((module) => ["-r", module]),
      "--expose-gc",
      NODE_RED,
    ];
    const [program = "", ...parameters] = [...wrapper, ...node, "-u", this.userDir];
    this.#child = spawn(program, parameters, {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: { ...process.env, ...environment },
    });
    this.#probe = new Remote<ServerProbe>(this.#child, "Node-RED");
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#log += text;
      });
    }
    await this.#started(from);
  }

  /** As a crash of the computer would, as far as Node-RED is concerned. */
  async kill(): Promise<void> {
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await exited;
  }

  /** Resolves when the new flow runs. */
  async deploy(flow: readonly object[], type: DeployType): Promise<void> {
    const from = this.#log.length;
    const answer = await fetch(`${this.url}/flows`, {
      method: "POST",
      headers: { "content-type": "application/json", "node-red-deployment-type": type },
      body: JSON.stringify(flow),
    });
    if (!answer.ok) throw new Error(`the deploy was answered ${answer.status}: ${await answer.text()}`);
    await this.#started(from);
  }

  async stop(): Promise<void> {
    await this.#probe?.stop();
    if (this.#options.userDir === undefined) await rm(this.userDir, { recursive: true, force: true, maxRetries: 3 });
  }

  async #prepare(): Promise<void> {
    const { flow, credentials = {}, settings } = this.#options;
    const allSettings = { ...QUIET_SETTINGS, uiHost: LOOPBACK, uiPort: this.port, ...settings };
    await writeFile(join(this.userDir, "settings.js"), `module.exports = ${JSON.stringify(allSettings)};`);
    await writeFile(join(this.userDir, "flows.json"), JSON.stringify(flow));
    await writeFile(join(this.userDir, "flows_cred.json"), JSON.stringify(credentials));
    await mkdir(join(this.userDir, "node_modules", PACKAGE_SCOPE), { recursive: true });
    const link = join(this.userDir, "node_modules", PACKAGE_SCOPE, "node-red-udp-websocket");
    await symlink(PACKAGE_ROOT, link, "junction");
  }

  /** @param from where in the log to look for it */
  async #started(from: number): Promise<void> {
    const isStarted = () =>
      this.#log.includes("Started ", from) && /Started (modified )?(flows|nodes)/.test(this.#log.slice(from));
    await until(() => isStarted() || !this.isRunning, "the flows have not started in time", START_TIMEOUT_MS);
    if (!isStarted()) throw new Error(`Node-RED ended:\n${this.#log}`);
  }
}

const QUIET_SETTINGS = {
  flowFile: "flows.json",
  credentialSecret: false,
  telemetry: { enabled: false, updateNotification: false },
  externalModules: { autoInstall: false, palette: { allowInstall: false } },
};
