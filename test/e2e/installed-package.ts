import { type NodeRedProcess, startNodeRed } from "../support/node-red-process";
import { packTarball } from "../support/tarball";
import { until } from "../support/until";
import { AdminApi, type FlowNode } from "./admin-api";
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
  /** Ends Node-RED and leaves no file behind. */
  close(): Promise<void>;
}

export async function installPackage(target: Target): Promise<InstalledPackage> {
  const tarball = await packTarball();
  try {
    const nodeRed = await startNodeRed(target);
    const api = new AdminApi(nodeRed.url);
    await api.installTarball(tarball.file).catch(async (error) => {
      await nodeRed.stop();
      throw new Error(`${target.name} printed:\n${nodeRed.log()}`, { cause: error });
    });
    const deploy = async (flows: readonly FlowNode[]): Promise<void> => {
      const before = nodeRed.log().length;
      await api.deploy(flows);
      await until(
        () => nodeRed.log().slice(before).includes("Started flows"),
        "the deployed flows did not start",
        DEPLOY_TIMEOUT_MS,
      );
    };
    return { nodeRed, api, deploy, close: nodeRed.stop };
  } finally {
    await tarball.remove();
  }
}

/** The flows with another UDP port, at both ends: the example's own may be taken on this machine. */
export function onUdpPort(flows: readonly FlowNode[], port: number): FlowNode[] {
  return flows.map((node) => (usesUdpPort(node.type) ? { ...node, port: String(port) } : node));
}

export function usesUdpPort(type: string): boolean {
  return type === "udp out" || type === "udp-sensor-in";
}
