import { setTimeout } from "node:timers/promises";
import type { Latency } from "../load/sampler";
import { type Figures, known } from "../report";
import { framesOf, Rig, type Window } from "../rig";
import type { Contestant } from "../server-under-test";
import type { RunOptions } from "./workload";

const TOPICS = 50;
const READING_BYTES = 100;
const WARM_UP_SECONDS = 1.5;
/** Of a server, unless it is told otherwise. */
const DEFAULT_MAX_CLIENTS = 10_000;

/** What the loop delay that is measured includes. */
export const DELAY_RESOLUTION_MS = 1;
/** A steady million a second: what a window shows of it may be a pass more or less. */
export const MILLION = 0.99e6;
/** Among the figures: this package on another Node.js than the one that the rest runs on. */
export const OTHER_NODE = "sensorcast on the other Node.js";

/** A steady feed, and who listens to it. */
export interface FanOutShape {
  readonly contestant: Contestant;
  readonly clients: number;
  readonly perSecond: number;
  /** Clients that read their readings in full. */
  readonly sampled: number;
  readonly topics?: number;
  /** How many different filters the clients have; all let everything through. */
  readonly filterSets?: number;
  /** Readings that share a datagram; default: 1. */
  readonly perDatagram?: number;
  /** For feeds that a Node-RED which has only just started must catch up with first. */
  readonly warmUpSeconds?: number | undefined;
  /** Clients that offer permessage-deflate. */
  readonly deflate?: boolean;
}

export interface FanOutFigures extends Window {
  /** Exact: offered to all clients since they connected, less what they received in the end. */
  readonly lost: number;
  readonly deliveredShare: number;
  readonly kernelDrops: number | undefined;
  readonly rssBefore: number;
  /** Of sender processes, before and after. */
  readonly sendersBytes: { readonly before: number; readonly after: number };
  readonly latency: Latency | undefined;
  /** What the client that received least got, as a share of what the one that received most did. */
  readonly evenness: number;
}

/** Readings at a steady rate to clients that all keep up. */
export async function measureFanOut(name: string, shape: FanOutShape, options: RunOptions): Promise<FanOutFigures> {
  const { contestant, clients, perSecond, sampled, topics = TOPICS, filterSets = 1 } = shape;
  const { perDatagram = 1, deflate = false, warmUpSeconds } = shape;
  const { seconds, progress } = options;
  progress(`${name}: ${contestant}`);
  const broadcastServer = clients > DEFAULT_MAX_CLIENTS ? { maxClients: String(clients) } : {};
  const rig = await Rig.start(contestant, { ...options, broadcastServer });
  try {
    const names = [];
    for (let set = 0; set < filterSets; set++) {
      const query = filterSets === 1 ? "" : `?topic=%23&topic=set${set}`;
      const group = { name: set === 0 ? "clients" : `clients ${set}`, clients: clients / filterSets, query, deflate };
      await rig.connect({ ...group, sampled: set === 0 ? Math.min(sampled, group.clients) : 0 });
      names.push(group.name);
    }
    // What is left of the start would be collected during the measurement, by threads that share the one core of the server.
    const rssBefore = await rig.rssBytes({ collected: true });
    const sendersBefore = rig.childrenBytes();
    await rig.send({ perSecond, topics, bytes: READING_BYTES, perDatagram });
    await setTimeout((warmUpSeconds ?? Math.min(WARM_UP_SECONDS, seconds)) * 1000);
    const window = await rig.measure(seconds, `${name}-${contestant}`);
    const { sent, kernelDrops, groups } = await rig.drain(...names);
    const lost = sent * clients - framesOf(groups);
    const all = Object.values(groups);
    return {
      ...window,
      lost,
      deliveredShare: 1 - lost / (sent * clients),
      kernelDrops,
      rssBefore,
      sendersBytes: { before: sendersBefore, after: rig.childrenBytes() },
      latency: window.groups.clients?.latency,
      evenness: Math.min(...all.map(({ fewest }) => fewest)) / Math.max(...all.map(({ most }) => most)),
    };
  } finally {
    await rig.stop();
  }
}

/** For the results. */
export function figuresOf({ latency, ...row }: FanOutFigures): Figures {
  return known({
    deliveriesPerSecond: row.deliveries,
    deliveredShare: row.deliveredShare,
    lost: row.lost,
    cpu: row.serverCpu,
    loopCpu: row.loopCpu,
    cpuUsPerDelivery: row.cpuUsPerDelivery,
    bytesPerReading: row.bytesPerReading,
    p50Ms: latency?.p50Ms,
    p99Ms: latency?.p99Ms,
    p999Ms: latency?.p999Ms,
    maxMs: latency?.maxMs,
    worstClientP99Ms: latency?.clients.p99Ms.worst,
    loopDelayP99Ms: row.loopDelayP99Ms,
    peakBytes: row.peakBytes,
    sendersBytesBefore: row.sendersBytes.before || undefined,
    sendersBytesAfter: row.sendersBytes.after || undefined,
  });
}
