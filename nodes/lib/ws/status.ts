import type { BroadcastServer } from "./broadcast-server";

/** What a node shows on the canvas: at most some 20 characters. */
export interface Status {
  readonly fill: "red" | "green" | "grey";
  readonly shape: "dot" | "ring";
  readonly text: string;
}

export function statusOf(server: BroadcastServer | undefined): Status {
  if (server === undefined) return { fill: "red", shape: "ring", text: "no valid server" };
  if (server.unreachableReason !== undefined) return { fill: "red", shape: "ring", text: "server not reachable" };
  const { clientCount } = server;
  const text = clientCount === 1 ? "1 client" : `${clientCount} clients`;
  return { fill: clientCount > 0 ? "green" : "grey", shape: "dot", text };
}
