import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { freeTcpPort, freeUdpPort } from "../support/free-port";
import { CORE, spawnPinned } from "./pinning";
import { Remote } from "./remote";

/** This checkout. */
export const PACKAGE_ROOT = resolve(__dirname, "../..");
const PACKAGE_SCOPE = "@sensorcast";
const START_TIMEOUT_MS = 30_000;
const MAX_OUTPUT_CHARACTERS = 10_000;
const WS_PATH = "/ws";

/** A flow of Node-RED. */
export type Flow = "sensorcast" | "core";
/** Ours with a process that sends in place of Node-RED, or that compresses, or a program that only does what every broadcaster has to. */
export type Contestant = Flow | "one sender" | "compress" | "floor";

export interface ServerSample {
  /** On a clock of the server's own. */
  readonly atUs: number;
  readonly cpuUs: number;
  /** Of the event loop's thread alone, where that is known. */
  readonly loopCpuUs?: number;
  readonly rssBytes: number;
  readonly peakBytes: number;
  /** Since `reset`; include the timer's resolution of 1 ms. */
  readonly loopDelayP99Ms: number;
  readonly loopDelayMaxMs: number;
}

/** What the probe in the server's process answers. */
export interface ServerProbe {
  reset(): void;
  sample(): ServerSample;
  /** From now on `takeLongestTurnMs` tells something. */
  watchTurns(): void;
  /** Processor time of the longest turn of the event loop since the last call: what other processes take does not count. */
  takeLongestTurnMs(): number;
  /** TCP connections, of clients and others. */
  openSockets(): number;
  collectGarbage(): void;
  memory(): NodeJS.MemoryUsage;
  /** After collecting garbage. */
  writeHeapSnapshot(file: string): void;
  /** Keeps the event loop busy with nothing else. */
  block(ms: number): void;
  startProfile(): void;
  stopProfile(file: string): void;
}

/** Asks a server about itself. */
export type Probe = Pick<Remote<ServerProbe>, "call" | "stop">;

export interface ServerUnderTest {
  readonly probe: Probe;
  readonly pid: number;
  readonly wsPort: number;
  readonly wsPath: string;
  readonly udpPort: number;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** The program to run it on; default: the one that runs this. */
  readonly node?: string | undefined;
  /** Properties of `udp-sensor-in` that are not to be the defaults. */
  readonly udpSensorIn?: Readonly<Record<string, string>> | undefined;
  /** The same of `ws-broadcast-server`. */
  readonly broadcastServer?: Readonly<Record<string, string>> | undefined;
}

/**
 * Starts a Node-RED of its own in a throw-away user directory, with a flow from UDP to WebSocket clients.
 * @param packageRoot of the built checkout that it loads
 */
export async function startServer(
  contestant: Exclude<Contestant, "floor">,
  packageRoot: string,
  { node, ...properties }: ServerOptions = {},
): Promise<ServerUnderTest> {
  const [wsPort, udpPort] = await Promise.all([freeTcpPort(), freeUdpPort()]);
  const userDir = mkdtempSync(join(tmpdir(), "sensorcast-bench-"));
  const settings = join(userDir, "settings.js");
  writeFileSync(settings, `module.exports = ${JSON.stringify(settingsOf(userDir, wsPort))};`);
  writeFileSync(join(userDir, "flows.json"), JSON.stringify(FLOWS[contestant](udpPort, properties)));
  mkdirSync(join(userDir, "node_modules", PACKAGE_SCOPE), { recursive: true });
  symlinkSync(packageRoot, join(userDir, "node_modules", PACKAGE_SCOPE, "node-red-udp-websocket"));

  const nodeRed = join(dirname(createRequire(__filename).resolve("node-red/package.json")), "red.js");
  const probeScript = join(__dirname, "server-probe.cjs");
  const args = ["--expose-gc", "-r", probeScript, nodeRed, "-u", userDir, "-s", settings];
  const child = spawnPinned(CORE.server, args, node);
  const probe = new Remote<ServerProbe>(child, "Node-RED");
  const stop = async (): Promise<void> => {
    await probe.stop();
    rmSync(userDir, { recursive: true, force: true });
  };
  try {
    await started(child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { probe, pid: child.pid ?? 0, wsPort, wsPath: WS_PATH, udpPort, stop };
}

/** Reads on for as long as the process lives: a full pipe would stop it. */
function started(child: Remote<ServerProbe>["child"]): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = "";
    const fail = (why: string): void => reject(new Error(`Node-RED did not start the flow: ${why}\n${output}`));
    const timeout = setTimeout(fail, START_TIMEOUT_MS, "it takes too long");
    const read = (chunk: Buffer): void => {
      output = (output + chunk).slice(-MAX_OUTPUT_CHARACTERS);
      if (/\[error\]|missing types/i.test(output)) fail("it reports an error");
      if (!output.includes("Started flows")) return;
      clearTimeout(timeout);
      resolve();
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", () => {
      clearTimeout(timeout);
      fail("it ended");
    });
  });
}

function settingsOf(userDir: string, port: number): object {
  return {
    uiHost: "127.0.0.1",
    uiPort: port,
    userDir,
    flowFile: "flows.json",
    credentialSecret: "bench",
    telemetry: { enabled: false, updateNotification: false },
    externalModules: { palette: { allowInstall: false } },
  };
}

type Properties = Omit<ServerOptions, "node">;

function sensorcastFlow(udpPort: number, { udpSensorIn, broadcastServer }: Properties, server: object): object[] {
  return [
    { id: "tab", type: "tab", label: "bench" },
    { id: "server", type: "ws-broadcast-server", path: WS_PATH, ...server, ...broadcastServer },
    {
      id: "in",
      z: "tab",
      type: "udp-sensor-in",
      port: String(udpPort),
      address: "127.0.0.1",
      ...udpSensorIn,
      wires: [["out"]],
    },
    { id: "out", z: "tab", type: "ws-broadcast-out", server: "server", wires: [] },
  ];
}

type FlowOf = (udpPort: number, properties: Properties) => object[];

/** All with default settings and without any node between. */
const FLOWS: Readonly<Record<Exclude<Contestant, "floor">, FlowOf>> = {
  sensorcast: (udpPort, properties) => sensorcastFlow(udpPort, properties, {}),
  "one sender": (udpPort, properties) => sensorcastFlow(udpPort, properties, { senders: "1" }),
  compress: (udpPort, properties) => sensorcastFlow(udpPort, properties, { compress: true }),
  core: (udpPort) => [
    { id: "tab", type: "tab", label: "bench" },
    { id: "server", type: "websocket-listener", path: WS_PATH, wholemsg: "false" },
    {
      id: "in",
      z: "tab",
      type: "udp in",
      port: String(udpPort),
      datatype: "utf8",
      ipv: "udp4",
      multicast: "false",
      wires: [["out"]],
    },
    { id: "out", z: "tab", type: "websocket out", server: "server", client: "", wires: [] },
  ],
};
