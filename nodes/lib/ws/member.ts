import type { AcceptedClient } from "./admission/upgrade-handler";
import { Connection } from "./connection";
import type { Hub } from "./hub/hub";
import type { HubClient } from "./hub/hub-client";
import type { ClientInfo } from "./server-events";

/** A client that is connected, in all its parts. */
export interface Member {
  readonly connection: Connection;
  readonly client: HubClient;
  readonly accepted: AcceptedClient;
  readonly stopHeartbeat: () => void;
  readonly stopExpiry: (() => void) | undefined;
}

/** What a flow gets to know of a client. */
export function infoOf({ connection, client, accepted }: Member, hub: Hub): ClientInfo {
  return {
    client: connection.id,
    address: connection.address,
    ...(accepted.grant !== undefined && { token: accepted.grant.name }),
    topics: [...client.subscription.filters],
    mode: client.subscription.mode,
    since: connection.since,
    ignored: connection.ignored,
    ...hub.countsOf(client),
  };
}

/** Of the connection that the hub writes a client's frames to. */
export function idOf({ sink }: HubClient): string {
  return sink instanceof Connection ? sink.id : "";
}
