import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { FORMATS, type Format } from "../../nodes/lib/udp/decoders/formats";
import { Remote } from "../bench/remote";
import type { ServerProbe } from "../bench/server-under-test";
import { freeTcpPort, freeUdpPort } from "../support/free-port";
import { descendantsOf } from "../support/process-usage";
import { until } from "../support/until";
import { AttackLog } from "./attack-log";
import { type AttackedPorts, attackedFlow, CONTESTED_PATH, CREDENTIALS } from "./attacked-flow";

const PACKAGE_ROOT = resolve(__dirname, "../..");
const PACKAGE_SCOPE = "@sensorcast";
const LOOPBACK = "127.0.0.1";
const START_TIMEOUT_MS = 30_000;
const DEPLOY_TIMEOUT_MS = 30_000;
/** So that the editor's connection says something several times a second. */
const EDITOR_KEEP_ALIVE_MS = 100;

/** What an attack may aim at. */
export interface Target {
  /** Where an endpoint is at `/ws`: Node-RED's own web server, and a server of ours. */
  readonly ports: readonly [shared: number, own: number];
  /** Where datagrams of the honest feed go, and may be attacked too. */
  readonly feedPort: number;
  /** Other ports, one for each format. Their readings go to all clients without a filter. */
  readonly udpPorts: Readonly<Record<Format, number>>;
  /** All of them, and others. */
  readonly allPorts: AttackedPorts;
  readonly log: AttackLog;
  /** Restarts all flows. Resolves once the new ones run. */
  redeploy(): Promise<void>;
}

/** A Node-RED of its own in a throw-away user directory, with this checkout as its only package. */
export class AttackedNodeRed implements Target {
  readonly probe: Remote<ServerProbe>;
  readonly log: AttackLog;
  readonly #child: ChildProcess;

  private constructor(
    readonly allPorts: AttackedPorts,
    private readonly userDir: string,
    private readonly squatter: Server,
    private readonly senders: number,
  ) {
    const nodeRed = join(dirname(createRequire(__filename).resolve("node-red/package.json")), "red.js");
    const probeScript = join(__dirname, "../bench/server-probe.cjs");
    this.#child = spawn(
      process.execPath,
      ["--expose-gc", "-r", probeScript, nodeRed, "-u", userDir, "-s", join(userDir, "settings.js")],
      { stdio: ["ignore", "pipe", "pipe", "ipc"], env: { ...process.env, CONTESTED: CONTESTED_PATH } },
    );
    this.probe = new Remote<ServerProbe>(this.#child, "Node-RED");
    this.log = new AttackLog(this.#child);
  }

  /** @param settings of Node-RED, besides those that it needs @param senders as of `attackedFlow` */
  static async start(settings: object = {}, senders = 0): Promise<AttackedNodeRed> {
    const squatter = createServer().listen(0, LOOPBACK);
    await once(squatter, "listening");
    const ports = await freePorts((squatter.address() as { port: number }).port);
    const userDir = await mkdtemp(join(tmpdir(), "sensorcast-attacks-"));
    const allSettings = { ...settingsFor(ports.shared), ...settings };
    await writeFile(join(userDir, "settings.js"), `module.exports = ${JSON.stringify(allSettings)};`);
    await writeFile(join(userDir, "flows.json"), JSON.stringify(attackedFlow(ports, senders)));
    await writeFile(join(userDir, "flows_cred.json"), JSON.stringify(CREDENTIALS));
    await mkdir(join(userDir, "node_modules", PACKAGE_SCOPE), { recursive: true });
    await symlink(PACKAGE_ROOT, join(userDir, "node_modules", PACKAGE_SCOPE, "node-red-udp-websocket"), "junction");
    const attacked = new AttackedNodeRed(ports, userDir, squatter, senders);
    try {
      await attacked.#started(0, START_TIMEOUT_MS);
    } catch (error) {
      await attacked.stop();
      throw error;
    }
    return attacked;
  }

  get ports(): readonly [shared: number, own: number] {
    return [this.allPorts.shared, this.allPorts.own];
  }

  get feedPort(): number {
    return this.allPorts.feed;
  }

  get udpPorts(): Readonly<Record<Format, number>> {
    return this.allPorts.formats;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Of Node-RED and of what it has started. */
  get pids(): number[] {
    const { pid } = this.#child;
    return pid === undefined ? [] : [pid, ...descendantsOf(pid)];
  }

  async redeploy(): Promise<void> {
    const logged = this.log.length;
    const answer = await fetch(`http://${LOOPBACK}:${this.allPorts.shared}/flows`, {
      method: "POST",
      headers: { "content-type": "application/json", "node-red-deployment-type": "full" },
      body: JSON.stringify(attackedFlow(this.allPorts, this.senders)),
      signal: AbortSignal.timeout(DEPLOY_TIMEOUT_MS),
    });
    if (!answer.ok) throw new Error(`the deploy was answered ${answer.status}: ${await answer.text()}`);
    await this.#started(logged, DEPLOY_TIMEOUT_MS);
  }

  async stop(): Promise<void> {
    await this.probe.stop();
    this.squatter.close();
    await rm(this.userDir, { recursive: true, force: true, maxRetries: 3 });
  }

  /** @param from where in the log to look for it */
  async #started(from: number, timeoutMs: number): Promise<void> {
    const isStarted = () => this.log.includes("Started flows", from);
    await until(() => isStarted() || !this.isRunning, "the flows have not started in time", timeoutMs);
    if (!isStarted()) throw new Error(`Node-RED ended:\n${this.log.text}`);
  }
}

async function freePorts(taken: number): Promise<AttackedPorts> {
  const formats = {} as Record<Format, number>;
  for (const format of FORMATS) formats[format] = await freeUdpPort();
  return {
    shared: await freeTcpPort(),
    own: await freeTcpPort(),
    tls: await freeTcpPort(),
    taken,
    feed: await freeUdpPort(),
    unreachable: await freeUdpPort(),
    gone: await freeUdpPort(),
    formats,
  };
}

function settingsFor(port: number): object {
  return {
    uiHost: LOOPBACK,
    uiPort: port,
    flowFile: "flows.json",
    credentialSecret: false,
    nodesDir: [join(__dirname, "neighbour")],
    webSocketKeepAliveTime: EDITOR_KEEP_ALIVE_MS,
    telemetry: { enabled: false, updateNotification: false },
    externalModules: { autoInstall: false, palette: { allowInstall: false } },
  };
}
