import type { Sentence } from "../text/sentence";

/** How a node is doing, in words. */
export interface NodeState {
  /** `waiting`: nothing is wrong, but nothing happens either. */
  readonly level: "ok" | "waiting" | "warning" | "error";
  readonly text: Sentence;
  /** What to check or to do. */
  readonly hints: readonly Sentence[];
}

/** A node as the editor knows it. */
export interface NodeIdentity {
  readonly id: string;
  /** What to select in the editor: of a node in a subflow, that in the subflow's template. */
  readonly editorId: string;
  readonly name: string;
}

/** How much time, such as `12 s` or `3 h`: the same in all languages. */
export function duration(ms: number): string {
  const seconds = Math.max(Math.round(ms / 1000), 0);
  if (seconds < 100) return `${seconds} s`;
  if (seconds < 6000) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}
