import { join } from "node:path";
import { type NodeRedOptions, type NodeRedProcess, startNodeRed } from "../support/node-red-process";
import { packTarball } from "../support/tarball";
import { until } from "../support/until";
import { AdminApi, type FlowNode } from "./admin-api";
import { Pool } from "./pool";
import type { Target } from "./targets";

export const MODULE = "@sensorcast/node-red-udp-websocket";
export const EXAMPLE = "sensors-to-browser";

const DEPLOY_TIMEOUT_MS = 20_000;

/** A Node-RED into which the packed package was uploaded, as a user does it in the palette. */
export interface InstalledPackage {
  readonly nodeRed: NodeRedProcess;
  readonly api: AdminApi;
  /** A full deploy that resolves once the new flows run. */
  deploy(flows: readonly FlowNode[]): Promise<void>;
  /** Takes its flows away. Leaves no file behind in the end. */
  close(): Promise<void>;
}

const pool = new Pool<NodeRedProcess>((nodeRed) => nodeRed.stop());

/** Other packages that examples use. */
export const DASHBOARD_2 = join(__dirname, "node_modules/@flowfuse/node-red-dashboard");
export const UIBUILDER = join(__dirname, "node_modules/node-red-contrib-uibuilder");

/**
 * Test files use the same Node-RED, one after another. One may end it or remove the package from it: then there is a new one
 * for the next.
 *
 * @param options those with the same share one
 */
export async function installPackage(target: Target, options: NodeRedOptions = {}): Promise<InstalledPackage> {
  const kind = JSON.stringify([target.name, options]);
  const shared = await pool.take(kind, () => startWithPackage(target, options));
  const logged = shared.log().length;
  const nodeRed: NodeRedProcess = { ...shared, log: () => shared.log().slice(logged) };
  const api = new AdminApi(nodeRed.url);
  const deploy = (flows: readonly FlowNode[]): Promise<void> => deployAndStart(nodeRed, api, flows);
  const close = async (): Promise<void> => {
    if (!shared.isRunning() || !(await hasPackage(api))) return await shared.stop();
    await deploy([]);
    await pool.giveBack(kind, shared);
  };
  return { nodeRed, api, deploy, close };
}

async function startWithPackage(target: Target, options: NodeRedOptions): Promise<NodeRedProcess> {
  const tarball = await packTarball();
  try {
    const nodeRed = await startNodeRed(target, options);
    await new AdminApi(nodeRed.url).installTarball(tarball.file).catch(async (error) => {
      await nodeRed.stop();
      throw new Error(`${target.name} printed:\n${nodeRed.log()}`, { cause: error });
    });
    return nodeRed;
  } finally {
    await tarball.remove();
  }
}

async function hasPackage(api: AdminApi): Promise<boolean> {
  return (await api.nodeSets()).some(({ module }) => module === MODULE);
}

/** A full deploy that resolves once the new flows run. */
export async function deployAndStart(
  nodeRed: NodeRedProcess,
  api: AdminApi,
  flows: readonly FlowNode[],
): Promise<void> {
  const before = nodeRed.log().length;
  await api.deploy(flows);
  await until(
    () => nodeRed.log().slice(before).includes("Started flows"),
    "the deployed flows did not start",
    DEPLOY_TIMEOUT_MS,
  );
}

/** The flows with another UDP port, at both ends: the example's own may be taken on this machine. */
export function onUdpPort(flows: readonly FlowNode[], port: number): FlowNode[] {
  return flows.map((node) => (usesUdpPort(node.type) ? { ...node, port: String(port) } : node));
}

export function usesUdpPort(type: string): boolean {
  return type === "udp out" || type === "udp-sensor-in";
}
