import { deepEqual } from "node:assert/strict";
import { readdirSync, readlinkSync } from "node:fs";
import udpSensorIn from "../../nodes/udp-sensor-in";
import { fields } from "../../nodes/udp-sensor-in.config";
import { deploy, editorShaped, type FlowNode, loadFlow, nodeOf, probe, unloadFlow } from "../support/flow";
import { freeUdpPort } from "../support/free-port";
import { send } from "../support/udp";
import { until } from "../support/until";

/** Of the last one as of the first, both with a group. */
const DEPLOYS = 100;

/** The thread waits ten seconds for another deploy. */
const THREAD_ENDS_WITHIN_MS = 20_000;

const WAITING = new Set(["Timeout", "Immediate", "MessagePort"]);

/** What this process holds of the system, threads and sockets above all. */
interface Holdings {
  readonly threads: number;
  readonly sockets: number;
  /** Timers and channels between threads. */
  readonly waiting: number;
}

function holdings(): Holdings {
  const waiting = process.getActiveResourcesInfo().filter((kind) => WAITING.has(kind)).length;
  const descriptors = readdirSync("/proc/self/fd").map(targetOf);
  const sockets = descriptors.filter((target) => target.startsWith("socket:")).length;
  return { threads: readdirSync("/proc/self/task").length, sockets, waiting };
}

function targetOf(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    // That of the list itself, which is closed.
    return "";
  }
}

/** A socket that shares its port from now on is closed for a moment, so that one datagram may not be enough. */
async function receives(topic: string, port: number): Promise<void> {
  const topics: unknown[] = [];
  const collect = (message: { topic?: unknown }): void => void topics.push(message.topic);
  nodeOf("out").on("input", collect);
  await until(async () => {
    await send(port, ["21"]);
    return topics.includes(topic);
  }, `nothing arrives as ${topic}`);
  nodeOf("out").off("input", collect);
}

/** Whether a node has its sockets: its status is green then. */
function listens(id: string): boolean {
  const { lastCall } = nodeOf(id).status as unknown as { lastCall: { args: [{ fill?: string }] } | null };
  return lastCall?.args[0].fill === "green";
}

describe(`udp-sensor-in after ${DEPLOYS} deploys`, () => {
  afterEach(unloadFlow);

  it("has left no thread, socket or timer behind", async function () {
    if (process.platform !== "linux") this.skip();
    this.timeout(60_000);
    const port = await freeUdpPort();
    const node = (id: string, changes: object = {}): FlowNode =>
      editorShaped("udp-sensor-in", fields, { id, port: String(port), every: "1000", wires: [["out"]], ...changes });
    const flow = (deployed: number): FlowNode[] => {
      const group = { address: "127.0.0.1", groups: ["239.1.1.1"], offlineAfter: "60" };
      const nodes = [node("in", { topic: `topic ${deployed}` }), ...(deployed % 3 === 0 ? [node("group", group)] : [])];
      return [...nodes, probe("out")];
    };
    await loadFlow(udpSensorIn, [probe("out")]);
    const before = holdings();
    let first: Holdings | undefined;
    for (let deployed = 0; deployed < DEPLOYS; deployed++) {
      await deploy(flow(deployed), deployed % 2 === 0 ? "nodes" : "full");
      await receives(`topic ${deployed}`, port);
      const ids = flow(deployed).flatMap(({ id, type }) => (type === "udp-sensor-in" ? id : []));
      await until(() => ids.every(listens), "a node does not listen");
      if (deployed === 0) first = holdings();
    }
    const last = holdings();
    deepEqual([last.threads, last.sockets], [first?.threads, first?.sockets]);

    await deploy([probe("out")], "nodes");
    await until(
      () => holdings().threads <= before.threads,
      "the thread goes on without a socket",
      THREAD_ENDS_WITHIN_MS,
    );
    await until(() => holdings().sockets <= before.sockets, "sockets are left");
    await until(() => holdings().waiting <= before.waiting, "timers or channels are left");
  });
});
