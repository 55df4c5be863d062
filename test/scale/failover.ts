import { until } from "../support/until";
import type { Follower } from "./follower";
import type { MoveFigures } from "./scale-results";
import type { ScaleRig } from "./scale-rig";

const TIMEOUT_MS = 60_000;

/** Kills an edge and waits until all its clients hear readings again; then the edge comes back, and nobody is on it. */
export async function killEdge(rig: ScaleRig, edge: number): Promise<MoveFigures> {
  const clients = await rig.clientsOf(edge);
  const before = new Map(rig.followers.map((follower) => [follower, follower.moves.length]));
  const hasMoved = (follower: Follower): boolean => follower.moves.length > (before.get(follower) ?? 0);
  const moved = (): Follower[] => rig.followers.filter(hasMoved);
  await rig.edges[edge]?.kill();
  await until(() => moved().length >= clients, "not all clients have moved", TIMEOUT_MS);
  await rig.edges[edge]?.restart();
  const moves = moved()
    .flatMap((follower) => follower.moves.at(-1) ?? [])
    .map((move) => ({ ...move, silenceMs: move.waitedMs + move.openedMs + move.heardMs }))
    .sort((a, b) => a.silenceMs - b.silenceMs);
  const longest = moves.at(-1);
  if (longest === undefined) throw new Error(`edge ${edge + 1} had no clients`);
  const { silenceMs, ...move } = longest;
  return { clients, medianMs: moves[moves.length >> 1]?.silenceMs ?? 0, longestMs: silenceMs, ...move };
}
