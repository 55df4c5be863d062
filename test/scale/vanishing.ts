import { setTimeout } from "node:timers/promises";
import { startHaproxy } from "./balancers";
import { startMosquitto } from "./brokers";
import { cutEdge } from "./failover";
import { ScaleRig } from "./scale-rig";

/** Heartbeats of edges that vanish, and how long HAProxy waits for anything they say, in s. */
const SILENCES = [
  { heartbeat: 30, server: 65 },
  { heartbeat: 5, server: 12 },
] as const;
const SENSORS = 50;
const PER_SECOND = 500;
const FOLLOWERS = 100;
const SETTLING_MS = 3000;
/** What a client takes once its connection is closed. */
const MOVED_WITHIN_MS = 3000;

/** An edge's computer vanishes: nobody says so, and what ends is only HAProxy's patience. */
export async function measureVanishing(tell: (isGood: boolean, line: string) => void): Promise<void> {
  for (const { heartbeat, server } of SILENCES) {
    const rig = await ScaleRig.start({
      broker: await startMosquitto(),
      startBalancer: (ports) => startHaproxy(ports, `${server}s`),
      sensors: SENSORS,
      heartbeat,
      viaCables: true,
    });
    try {
      await rig.follow(FOLLOWERS);
      rig.sensors.start(PER_SECOND);
      await setTimeout(SETTLING_MS);
      const allowedMs = server * 1000 + MOVED_WITHIN_MS;
      const { clients, medianMs, longestMs } = await cutEdge(rig, 0, 2 * allowedMs);
      const wrong = rig.followers.flatMap(({ complaints }) => complaints);
      tell(
        clients > 0 && longestMs < allowedMs && wrong.length === 0,
        `edge 1 vanished, with a heartbeat of ${heartbeat} s and a timeout server of ${server} s: its ${clients} clients ` +
          `heard nothing for ${Math.round(medianMs)} ms, ${Math.round(longestMs)} ms at most; ${wrong.length} readings out of order`,
      );
    } finally {
      await rig.stop();
    }
  }
}
