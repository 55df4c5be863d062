import { PropertyError } from "../config/errors";
import { type Sentence, sentence } from "../text/sentence";
import type { SensorInput, SensorInputStats } from "../udp/sensor-input";
import { isLocalOnly } from "./listen-targets";
import { duration, type NodeState } from "./node-state";

/** So long without a datagram is worth a word. */
const SILENCE_MS = 60_000;

/**
 * How a listener is doing; and if nothing comes out of it, why.
 * @param now in ms since the epoch
 */
export function listenerState(input: SensorInput | PropertyError, now: number): NodeState {
  if (input instanceof PropertyError) return { level: "error", text: input.said, hints: [] };
  const { failure, record } = input;
  const stats = input.stats();
  if (failure !== undefined) {
    return { level: "error", text: failure.said, hints: [sentence("cockpit.tried-again")] };
  }
  if (stats.receiveBuffer.granted === null) return { level: "waiting", text: sentence("cockpit.opening"), hints: [] };
  if (stats.received === 0) {
    const text = sentence("cockpit.nothing-received", { since: duration(now - record.since) });
    return { level: "waiting", text, hints: whatToCheck(input) };
  }
  return stateOfTraffic(input, stats, now);
}

function stateOfTraffic(input: SensorInput, stats: SensorInputStats, now: number): NodeState {
  const { config, record } = input;
  const { newest } = record.recent;
  const rejected = Object.values(stats.rejected).reduce((sum, count) => sum + count, 0);
  const lastError = record.rejected.newest?.error;
  const hints = lastError === undefined ? [] : [sentence("cockpit.last-rejected", { reason: lastError })];
  if (stats.emitted + stats.pending === 0 && rejected > 0) {
    const remedy = stats.rejected.decode > 0 ? [sentence("cockpit.other-format", { format: config.format })] : [];
    return { level: "warning", text: sentence("cockpit.all-rejected", { rejected }), hints: [...hints, ...remedy] };
  }
  const dropped = (stats.kernelDrops ?? 0) + stats.threadDrops;
  if (dropped > 0) {
    return {
      level: "warning",
      text: sentence("cockpit.dropped", { dropped }),
      hints: [sentence("cockpit.drop-remedy")],
    };
  }
  const silence = newest === undefined ? 0 : now - newest.arrival.time;
  if (silence > SILENCE_MS) {
    const text = sentence("cockpit.silent", { since: duration(silence) });
    return { level: "waiting", text, hints: whatToCheck(input) };
  }
  if (newest !== undefined && newest.fate !== "emitted") {
    return { level: "warning", text: sentence("cockpit.some-rejected", { rejected, received: stats.received }), hints };
  }
  return { level: "ok", text: sentence("cockpit.receives"), hints: whereItListens(input) };
}

/** In the order in which it is most often the cause. */
function whatToCheck(input: SensorInput): Sentence[] {
  const { port, address, groups } = input.config;
  const where = whereItListens(input);
  if (groups.length > 0) {
    return [...where, sentence("cockpit.check-multicast"), sentence("cockpit.check-firewall", { port })];
  }
  if (where.length > 0) return [...where, sentence("cockpit.check-port", { port })];
  const bound = address === "" ? [] : [sentence("cockpit.check-address", { address })];
  return [sentence("cockpit.check-port", { port }), ...bound, sentence("cockpit.check-firewall", { port })];
}

/** What a user may not expect of it. */
function whereItListens({ config, joinedOn }: SensorInput): Sentence[] {
  const { address, groups } = config;
  if (groups.length > 0) {
    const where = joinedOn ?? (address || sentence("cockpit.default-interface"));
    return [sentence("cockpit.joined", { groups: groups.join(", "), where })];
  }
  return isLocalOnly(config) ? [sentence("cockpit.local-only", { address })] : [];
}
