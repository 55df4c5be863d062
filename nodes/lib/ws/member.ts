import type { AcceptedClient } from "./admission/admission";
import type { ServedClient } from "./clients/served-client";
import type { ClientInfo } from "./server-events";

/** A client that is connected, with what it was let in for. */
export interface Member {
  readonly client: ServedClient;
  readonly accepted: AcceptedClient;
  readonly stopExpiry: (() => void) | undefined;
}

/** What a flow gets to know of a client. */
export function infoOf({ client, accepted }: Member): ClientInfo {
  return {
    client: client.id,
    address: client.address,
    ...(accepted.grant !== undefined && { token: accepted.grant.name }),
    topics: [...client.subscription.filters],
    mode: client.subscription.mode,
    since: client.since,
    ignored: client.ignored,
    ...(client.isUnknown && { unknown: true }),
    ...client.counts(),
  };
}
