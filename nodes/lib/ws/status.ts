import type { StatusLine } from "../node/status-line";
import { sentence } from "../text/sentence";
import type { BroadcastServer } from "./broadcast-server";

export const BAD_CONFIGURATION: StatusLine = {
  fill: "red",
  shape: "ring",
  text: sentence("publish.status-bad-configuration"),
};

/** How a node that publishes through a server shows that server's state. */
export function statusOf(server: BroadcastServer | undefined): StatusLine {
  if (server === undefined) return { fill: "red", shape: "ring", text: sentence("publish.status-no-server") };
  if (server.unreachableReason !== undefined) {
    return { fill: "red", shape: "ring", text: sentence("publish.status-not-reachable") };
  }
  const { clientCount: clients } = server;
  const text = clients === 1 ? sentence("publish.status-one-client") : sentence("publish.status-clients", { clients });
  return { fill: clients > 0 ? "green" : "grey", shape: "dot", text };
}
