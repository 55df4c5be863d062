import type { ServerFigures } from "../metrics/figures";
import { inSlices } from "../time/in-slices";
import type { RefusalTally } from "./admission/refusal-tally";
import { type Counts, sum } from "./hub/counts";
import type { Hub } from "./hub/hub";
import type { Member } from "./member";

export interface CountedServer {
  readonly hub: Hub;
  /** Of clients that have left. */
  readonly departed: Counts;
  /** Processes that send in place of this one. */
  readonly senders: number;
  readonly members: ReadonlyMap<string, Member>;
  readonly refusals: RefusalTally;
}

/**
 * What a server and its clients have counted. Clients are counted in slices, each of them once and by itself, so that
 * `offered = delivered + conflated + dropped + pending` holds for the sums, too.
 */
export async function serverFigures({
  hub,
  departed,
  senders,
  members,
  refusals,
}: CountedServer): Promise<ServerFigures> {
  let deliveries = departed;
  const clients = { stream: 0, latest: 0 };
  const lags: number[] = [];
  const inside = Array.from(members.values(), ({ client }) => client).filter(({ hasLeft }) => !hasLeft);
  await inSlices(inside, (client) => {
    const counts = client.counts();
    deliveries = sum(deliveries, counts);
    // It may have left since.
    if (client.hasLeft) return;
    clients[client.subscription.mode]++;
    lags.push(counts.pending);
  });
  const { log, history, sockets } = hub.memory;
  return {
    ...hub.totals(),
    deliveries,
    clients,
    lags,
    refused: refusals.byStatus,
    logBytes: log,
    historyBytes: history,
    socketBytes: sockets,
    senders,
  };
}
