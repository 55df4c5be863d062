import { setTimeout } from "node:timers/promises";
import type { ClientSwarm, GroupOptions } from "../bench/load/client-swarm";
import { CORE, spawnPinned } from "../bench/pinning";
import { Remote, type Service } from "../bench/remote";
import { cpuMsOf } from "../support/process-usage";
import { EDGE_PATH } from "./flows";
import type { MoreEdges } from "./more-edges";
import type { EdgeFigures, ScaleResults } from "./scale-results";
import type { ScaleRig } from "./scale-rig";

/** Clients of everything, on each edge: the first gets more, so that one of them is nearer to what it can do. */
const OF_EVERYTHING = [1200, 300] as const;
/** Clients of one topic each, for each topic, on the first edge. */
const OF_EACH_TOPIC = 100;
const MORE_EDGES = 10;
const WINDOW_MS = 12_000;
const SETTLING_MS = 2000;

/** What each process takes of a core, from 0 to 1. */
interface Shares {
  readonly sensorSide: number;
  readonly broker: number;
  readonly balancer: number;
  readonly edges: readonly number[];
}

export type LoadFigures = Pick<ScaleResults, "sensorSideShare" | "broker" | "balancer" | "ofEverything" | "ofOneTopic">;

/** Puts clients on both edges, and subscribers at the broker, while the sensors send: what does it cost whom? The followers stay. */
export async function measureLoad(rig: ScaleRig, followers: number): Promise<LoadFigures> {
  const swarm = program<ClientSwarm>("../bench/load/client-swarm");
  const subscribers = program<MoreEdges>("./more-edges");
  try {
    await setTimeout(SETTLING_MS);
    const idle = await shares(rig);

    await rig.follow(followers);
    await setTimeout(SETTLING_MS);
    const received = (): number => rig.followers.reduce((sum, follower) => sum + follower.received, 0);
    const receivedBefore = received();
    const { balancer } = await shares(rig);
    const followed = (1000 * (received() - receivedBefore)) / WINDOW_MS;

    await subscribers.call("connect", rig.broker.port, MORE_EDGES);
    await setTimeout(SETTLING_MS);
    const before = await subscribers.call("received");
    const more = await shares(rig);
    const taken = (await subscribers.call("received")) - before;
    await subscribers.call("close");

    const watched = async (clients: readonly number[]): Promise<EdgeFigures[]> => {
      await setTimeout(SETTLING_MS);
      const framesBefore = await framesAt(swarm);
      const busy = await shares(rig);
      const framesAfter = await framesAt(swarm);
      await swarm.call("close");
      return clients.map((count, index) => ({
        clients: count,
        idleShare: idle.edges[index] ?? 0,
        share: busy.edges[index] ?? 0,
        deliveriesPerSecond:
          followed / rig.edges.length + (1000 * ((framesAfter[index] ?? 0) - (framesBefore[index] ?? 0))) / WINDOW_MS,
      }));
    };
    for (const [index, clients] of OF_EVERYTHING.entries()) {
      await swarm.call("connect", group(rig, index, { clients, name: `${index}` }));
    }
    const ofEverything = await watched(OF_EVERYTHING);
    for (const topic of rig.sensors.names) {
      await swarm.call("connect", group(rig, 0, { clients: OF_EACH_TOPIC, name: `0 ${topic}`, topic }));
    }
    const ofOneTopic = await watched([OF_EACH_TOPIC * rig.sensors.names.length]);
    return {
      sensorSideShare: idle.sensorSide,
      broker: {
        share: idle.broker,
        moreEdges: MORE_EDGES,
        moreShare: more.broker,
        moreMessagesPerSecond: (1000 * taken) / WINDOW_MS,
      },
      balancer: { share: balancer, deliveriesPerSecond: followed },
      ofEverything,
      ofOneTopic,
    };
  } finally {
    await Promise.all([swarm.stop(), subscribers.stop()]);
  }
}

function program<S extends Service<S>>(module: string): Remote<S> {
  return new Remote<S>(spawnPinned(CORE.load, ["-r", "tsx/cjs", require.resolve(module)]), module);
}

function group(
  { edges }: ScaleRig,
  edge: number,
  { clients, name, topic }: { readonly clients: number; readonly name: string; readonly topic?: string },
): GroupOptions {
  const path = topic === undefined ? EDGE_PATH : `${EDGE_PATH}?topic=${topic}`;
  return { name, clients, sampled: 0, port: edges[edge]?.port ?? 0, path };
}

/** Readings that the clients of each edge have received; the names of their groups begin with its number. */
async function framesAt(swarm: Remote<ClientSwarm>): Promise<number[]> {
  const { groups } = await swarm.call("report");
  const frames: number[] = [];
  for (const [name, group] of Object.entries(groups)) {
    const edge = Number.parseInt(name, 10);
    frames[edge] = (frames[edge] ?? 0) + group.frames;
  }
  return frames;
}

/** Processor time that each process takes in the next `WINDOW_MS`, of what a core has. */
async function shares({ sensorSide, broker, balancer, edges }: ScaleRig): Promise<Shares> {
  const now = (): number[] =>
    [cpuMsOf(sensorSide.pid), broker.cpuMs(), balancer.cpuMs(), ...edges.map(({ pid }) => cpuMsOf(pid))].map(
      (cpuMs) => cpuMs ?? Number.NaN,
    );
  const before = now();
  await setTimeout(WINDOW_MS);
  const [ofSensorSide = 0, ofBroker = 0, ofBalancer = 0, ...rest] = now().map(
    (cpuMs, index) => (cpuMs - (before[index] ?? 0)) / WINDOW_MS,
  );
  return { sensorSide: ofSensorSide, broker: ofBroker, balancer: ofBalancer, edges: rest };
}
