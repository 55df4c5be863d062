import { until } from "../support/until";
import type { Follower, Move } from "./follower";
import type { MoveFigures } from "./scale-results";
import type { ScaleRig } from "./scale-rig";

const TIMEOUT_MS = 60_000;

/** Kills an edge and waits until all its clients hear readings again; then the edge comes back, and nobody is on it. */
export async function killEdge(rig: ScaleRig, edge: number): Promise<MoveFigures> {
  const { clients, moves } = await moveFrom(rig, edge, async () => rig.edges[edge]?.kill());
  await rig.edges[edge]?.restart();
  const silences = moves
    .map((move) => ({ move, silenceMs: move.waitedMs + move.openedMs + move.heardMs }))
    .sort((a, b) => a.silenceMs - b.silenceMs);
  const longest = silences.at(-1);
  if (longest === undefined) throw new Error(`edge ${edge + 1} had no clients`);
  const { silentMs: _, ...move } = longest.move;
  const medianMs = silences[silences.length >> 1]?.silenceMs ?? 0;
  return { clients, medianMs, longestMs: longest.silenceMs, ...move };
}

/** For how long clients heard nothing, in ms. */
export interface Silence {
  readonly clients: number;
  readonly medianMs: number;
  readonly longestMs: number;
}

/** Cuts the cable of an edge, as if its computer had vanished, and waits until all its clients hear readings of another one. */
export async function cutEdge(rig: ScaleRig, edge: number, timeoutMs: number): Promise<Silence> {
  const { clients, moves } = await moveFrom(rig, edge, async () => rig.cables[edge]?.cut(), timeoutMs);
  const silences = moves.map(({ silentMs }) => silentMs).sort((a, b) => a - b);
  return { clients, medianMs: silences[silences.length >> 1] ?? 0, longestMs: silences.at(-1) ?? 0 };
}

/** Waits until as many clients as an edge had hear readings again after something happened to it. */
async function moveFrom(
  rig: ScaleRig,
  edge: number,
  happen: () => Promise<void>,
  timeoutMs = TIMEOUT_MS,
): Promise<{ clients: number; moves: Move[] }> {
  const clients = await rig.clientsOf(edge);
  const before = new Map(rig.followers.map((follower) => [follower, follower.moves.length]));
  const hasMoved = (follower: Follower): boolean => follower.moves.length > (before.get(follower) ?? 0);
  const moved = (): Follower[] => rig.followers.filter(hasMoved);
  await happen();
  await until(() => moved().length >= clients, "not all clients have moved", timeoutMs);
  return { clients, moves: moved().flatMap(({ moves }) => moves.at(-1) ?? []) };
}
