import type { RefusalRow } from "../live/refusal-history";
import { type Sentence, sentence } from "../text/sentence";
import type { UserError } from "../text/user-error";
import type { BroadcastServer } from "../ws/broadcast-server";
import type { NodeState } from "./node-state";

/** How a server is doing; and if nobody gets anything from it, why. */
export function serverState(server: BroadcastServer | UserError | undefined): NodeState {
  if (server === undefined) return { level: "waiting", text: sentence("cockpit.opening"), hints: [] };
  if (server instanceof Error) {
    return { level: "error", text: sentence("cockpit.not-valid", { reason: server.said }), hints: [] };
  }
  const { unreachableReason, inspector } = server;
  if (unreachableReason !== undefined) {
    return { level: "error", text: sentence("cockpit.not-reachable", { reason: unreachableReason }), hints: [] };
  }
  const { clients, published, isUnwanted } = inspector.overview();
  if (clients === 0) return nobody(server);
  if (published === 0) {
    const text = sentence("cockpit.nothing-published", { clients });
    return { level: "waiting", text, hints: [sentence("cockpit.nothing-published-hint")] };
  }
  if (isUnwanted) {
    const text = sentence("cockpit.unwanted", { clients });
    const { published: newest, wanted } = inspector.mismatch();
    const values = { published: newest.join(", "), wanted: wanted.join(", ") };
    return { level: "warning", text, hints: [sentence("cockpit.unwanted-hint", values)] };
  }
  return { level: "ok", text: sentence("cockpit.serves", { clients }), hints: refusedToo(server) };
}

function nobody({ inspector }: BroadcastServer): NodeState {
  const refusals = inspector.refusals();
  const [last] = refusals;
  if (last === undefined) {
    return { level: "waiting", text: sentence("cockpit.nobody-connected"), hints: [sentence("cockpit.connect-here")] };
  }
  const text = sentence("cockpit.all-refused", { refused: total(refusals) });
  const hint = sentence("cockpit.last-refused", { address: last.address, reason: last.reason });
  return { level: "warning", text, hints: [hint] };
}

/** Others are connected, which is no comfort to somebody who is not. */
function refusedToo({ inspector }: BroadcastServer): Sentence[] {
  const refusals = inspector.refusals();
  const [last] = refusals;
  if (last === undefined) return [];
  const { address, reason } = last;
  return [sentence("cockpit.refused-too", { refused: total(refusals), address, reason })];
}

function total(refusals: readonly RefusalRow[]): number {
  return refusals.reduce((sum, { count }) => sum + count, 0);
}
