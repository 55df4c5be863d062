import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import WebSocket from "ws";
import { FlowProcess } from "../support/flow-process";
import { freeUdpPort } from "../support/free-port";
import { handlesOf } from "../support/process-usage";
import { send } from "../support/udp";
import { until } from "../support/until";
import { WsClient } from "../support/ws-client";
import { chaosFlow, PATH } from "./chaos-flow";

const TIMEOUT_MS = 120_000;
/** Node-RED and the package take some thirty. */
const FILES = 80;
const CROWD = 100;
const DISK = "size=1m";
const MORE_THAN_THAT = 2 * 1024 * 1024;

describe("a computer that runs out", function () {
  this.timeout(TIMEOUT_MS);
  let nodeRed: FlowProcess | undefined;
  let udpPort: number;

  const started = async (options: Partial<Parameters<typeof FlowProcess.start>[0]>): Promise<FlowProcess> => {
    nodeRed = await FlowProcess.start({ flow: chaosFlow(udpPort), ...options });
    return nodeRed;
  };
  const canSend = async (client: WsClient, text: string): Promise<void> => {
    await send(udpPort, [JSON.stringify({ sensor: "s", text })]);
    while (!String(await client.next()).includes(text));
  };

  beforeEach(async () => {
    udpPort = await freeUdpPort();
  });
  afterEach(() => nodeRed?.stop());

  it("of file descriptors goes on serving those who are there, and others once there is room", async function () {
    if (!works("prlimit", "--version")) this.skip();
    const { url, pid } = await started({ wrapper: ["prlimit", `--nofile=${FILES}`] });
    const address = url.replace("http", "ws") + PATH;
    const first = await WsClient.connect(address);
    await canSend(first, "before");
    const crowd = Array.from({ length: CROWD }, () => new WebSocket(address).on("error", () => undefined));
    await until(() => (handlesOf(pid)?.files ?? 0) >= FILES - 2, "descriptors are not exhausted", TIMEOUT_MS);
    await canSend(first, "meanwhile");
    for (const socket of crowd) socket.terminate();
    const canConnect = async (): Promise<boolean> => {
      const client = await WsClient.connect(address).catch(() => undefined);
      client?.socket.terminate();
      return client !== undefined;
    };
    await until(canConnect, "nobody can connect any more", TIMEOUT_MS);
    await canSend(first, "after");
  });

  it("of disk space while Node-RED saves keeps the flow that runs, and takes the next deploy", async function () {
    const userDir = await mkdtemp(join(tmpdir(), "sensorcast-full-"));
    if (process.platform !== "linux" || !works("mount", "-t", "tmpfs", "-o", DISK, "tmpfs", userDir)) {
      await rm(userDir, { recursive: true });
      this.skip();
    }
    try {
      const running = await started({ userDir });
      const client = await WsClient.connect(running.url.replace("http", "ws") + PATH);
      await canSend(client, "before");
      const filling = join(userDir, "filling");
      await assert.rejects(writeFile(filling, Buffer.alloc(MORE_THAN_THAT)), { code: "ENOSPC" });
      const comment = { id: "comment", type: "comment", z: "tab", x: 0, y: 0, name: "", info: "x".repeat(64 * 1024) };
      const large = [...chaosFlow(udpPort), comment];
      await assert.rejects(running.deploy(large, "full"), /ENOSPC/);
      await canSend(client, "meanwhile");
      await rm(filling);
      await running.deploy(large, "nodes");
      await canSend(client, "after");
    } finally {
      await nodeRed?.stop();
      spawnSync("umount", [userDir]);
      await rm(userDir, { recursive: true, force: true });
    }
  });
});

function works(program: string, ...parameters: string[]): boolean {
  return spawnSync(program, parameters, { stdio: "ignore" }).status === 0;
}
