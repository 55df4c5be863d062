import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { FORMATS, type Format } from "../../nodes/lib/udp/decoders/formats";
import { Remote } from "../bench/remote";
import type { ServerProbe } from "../bench/server-under-test";
import { freeTcpPort, freeUdpPort } from "../support/free-port";
import { until } from "../support/until";
import { attackedFlow, CREDENTIALS, SECRETS } from "./attacked-flow";

const PACKAGE_ROOT = resolve(__dirname, "../..");
const PACKAGE_SCOPE = "@sensorcast";
const START_TIMEOUT_MS = 30_000;
const DEPLOY_TIMEOUT_MS = 10_000;
/** So that the editor's connection says something several times a second. */
const EDITOR_KEEP_ALIVE_MS = 100;
/** Log lines of which none may appear, and Node's own warnings, such as one of leaked listeners. */
const TROUBLE = /\[(error|fatal)\]|uncaught|unhandled|^\(node:\d+\)/i;

/** What an attack may aim at. */
export interface Target {
  /** Where an endpoint is at `/ws`: Node-RED's own web server, and a server of ours. */
  readonly ports: readonly [shared: number, own: number];
  /** Where datagrams of the honest feed go, and may be attacked too. */
  readonly feedPort: number;
  /** Other ports, one for each format. Their readings go to all clients without a filter. */
  readonly udpPorts: Readonly<Record<Format, number>>;
  /** Restarts all flows. Resolves once the new ones run. */
  redeploy(): Promise<void>;
}

/** A Node-RED of its own in a throw-away user directory, with this checkout as its only package. */
export class AttackedNodeRed implements Target {
  #log = "";
  #logChecked = 0;

  private constructor(
    readonly ports: readonly [number, number],
    readonly feedPort: number,
    readonly udpPorts: Readonly<Record<Format, number>>,
    private readonly userDir: string,
    private readonly child: ChildProcess,
    readonly probe: Remote<ServerProbe>,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#log += text;
      });
    }
  }

  static async start(): Promise<AttackedNodeRed> {
    const ports: [number, number] = [await freeTcpPort(), await freeTcpPort()];
    const feedPort = await freeUdpPort();
    const udpPorts = {} as Record<Format, number>;
    for (const format of FORMATS) udpPorts[format] = await freeUdpPort();

    const userDir = await mkdtemp(join(tmpdir(), "sensorcast-attacks-"));
    const settings = join(userDir, "settings.js");
    await writeFile(settings, `module.exports = ${JSON.stringify(settingsFor(ports[0]))};`);
    await writeFile(join(userDir, "flows.json"), JSON.stringify(attackedFlow(ports[1], feedPort, udpPorts)));
    await writeFile(join(userDir, "flows_cred.json"), JSON.stringify(CREDENTIALS));
    await mkdir(join(userDir, "node_modules", PACKAGE_SCOPE), { recursive: true });
    await symlink(PACKAGE_ROOT, join(userDir, "node_modules", PACKAGE_SCOPE, "node-red-udp-websocket"), "junction");

    const nodeRed = join(dirname(createRequire(__filename).resolve("node-red/package.json")), "red.js");
    const probeScript = join(__dirname, "../bench/server-probe.cjs");
    const child = spawn(process.execPath, ["--expose-gc", "-r", probeScript, nodeRed, "-u", userDir, "-s", settings], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const probe = new Remote<ServerProbe>(child, "Node-RED");
    const attacked = new AttackedNodeRed(ports, feedPort, udpPorts, userDir, child, probe);
    try {
      await attacked.#started(0, START_TIMEOUT_MS);
    } catch (error) {
      await attacked.stop();
      throw error;
    }
    return attacked;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Lines logged since the last call that should not be there. */
  takeTrouble(): string[] {
    const lines = this.#log.slice(this.#logChecked).split("\n");
    this.#logChecked = this.#log.length;
    return lines.filter((line) => TROUBLE.test(line) || Object.values(SECRETS).some((secret) => line.includes(secret)));
  }

  async redeploy(): Promise<void> {
    const logged = this.#log.length;
    const flow = attackedFlow(this.ports[1], this.feedPort, this.udpPorts);
    const answer = await fetch(`http://127.0.0.1:${this.ports[0]}/flows`, {
      method: "POST",
      headers: { "content-type": "application/json", "node-red-deployment-type": "full" },
      body: JSON.stringify(flow),
      signal: AbortSignal.timeout(DEPLOY_TIMEOUT_MS),
    });
    if (!answer.ok) throw new Error(`the deploy was answered ${answer.status}: ${await answer.text()}`);
    await this.#started(logged, DEPLOY_TIMEOUT_MS);
  }

  async stop(): Promise<void> {
    await this.probe.stop();
    await rm(this.userDir, { recursive: true, force: true, maxRetries: 3 });
  }

  /** @param from where in the log to look for it */
  async #started(from: number, timeoutMs: number): Promise<void> {
    const isStarted = () => this.#log.includes("Started flows", from);
    await until(() => isStarted() || !this.isRunning, "the flows have not started in time", timeoutMs);
    if (!isStarted()) throw new Error(`Node-RED ended:\n${this.#log}`);
  }
}

function settingsFor(port: number): object {
  return {
    uiHost: "127.0.0.1",
    uiPort: port,
    flowFile: "flows.json",
    credentialSecret: false,
    nodesDir: [join(__dirname, "neighbour")],
    webSocketKeepAliveTime: EDITOR_KEEP_ALIVE_MS,
    telemetry: { enabled: false, updateNotification: false },
    externalModules: { autoInstall: false, palette: { allowInstall: false } },
  };
}
