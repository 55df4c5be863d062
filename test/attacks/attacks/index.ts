import type { Attack } from "../attack";
import { forgedAddresses } from "./access/forged-addresses";
import { forgedTokens } from "./access/forged-tokens";
import { hostileOrigins } from "./access/hostile-origins";
import { ipv6Crowds } from "./access/ipv6-crowds";
import { dnsRebinding } from "./access/rebinding";
import { secretsInUrls } from "./access/secrets-in-urls";
import { bombBursts } from "./datagrams/bomb-bursts";
import { controlCharacters } from "./datagrams/control-characters";
import { hostileDatagrams } from "./datagrams/hostile-datagrams";
import { fieldsWithoutEnd } from "./datagrams/invented-fields";
import { topicsWithoutEnd } from "./datagrams/invented-topics";
import { manyReadings } from "./datagrams/many-readings";
import { readingsForNoClient, readingsForNoServer } from "./datagrams/nowhere-to-go";
import { udpFlood } from "./datagrams/udp-floods";
import { chatter } from "./frames/chatter";
import { forgedPongs } from "./frames/forged-pongs";
import { fragmentFlood } from "./frames/fragment-flood";
import { malformedFrames } from "./frames/malformed-frames";
import { pingFlood } from "./frames/ping-flood";
import { unfinishedCloses } from "./frames/unfinished-closes";
import { connectFloodFromManyAddresses, connectFloodFromOneAddress } from "./handshakes/connect-floods";
import { contestedPath } from "./handshakes/contested-path";
import { earlyResets } from "./handshakes/early-resets";
import { hostileUrls } from "./handshakes/hostile-urls";
import { idleConnections } from "./handshakes/idle-connections";
import { malformedHandshakes } from "./handshakes/malformed-handshakes";
import { oversizedHeaders } from "./handshakes/oversized-headers";
import { reconnectHerd } from "./handshakes/reconnect-herd";
import { silentTls } from "./handshakes/silent-tls";
import { singleBytes } from "./handshakes/single-bytes";
import { slowHeaders } from "./handshakes/slow-headers";
import { smuggledRequests } from "./handshakes/smuggled-requests";
import { halfOpenPeers } from "./readers/half-open-peers";
import { everyMillisecond, latestOfManyTopics } from "./readers/many-topics-readers";
import { newestPongOnly } from "./readers/newest-pong";
import { resumingDeepInTheLog } from "./readers/resuming";
import { slowReaders } from "./readers/slow-readers";
import { redeployBesideSilence, redeployDuring } from "./redeploys";
import { filtersTimesTopics } from "./tenants/filters-times-topics";
import { greedyFilters } from "./tenants/greedy-filters";
import { reconnectsBesideResidents, reconnectsBesideTenants } from "./tenants/reconnects-beside-residents";

/** Nobody is to notice one of these. */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  "2000 idle connections": idleConnections,
  "headers that come a byte at a time": slowHeaders,
  "thousands of headers, and huge ones": oversizedHeaders,
  "malformed handshakes": malformedHandshakes,
  "origins that pretend": hostileOrigins,
  "tokens that are wrong, expired, unsigned or huge": forgedTokens,
  "addresses that others are said to come from": forgedAddresses,
  "resets before the answer": earlyResets,
  "a flood of clients from one address": connectFloodFromOneAddress,
  "a flood of clients from many addresses": connectFloodFromManyAddresses,
  "malformed frames, and data": malformedFrames,
  "messages in fragments that never end": fragmentFlood,
  "single bytes": singleBytes,
  "pings from clients that never read": pingFlood,
  "hostile URLs": hostileUrls,
  "readers at 0, 10 and 1000 bytes a second": slowReaders,
  "half-open peers": halfOpenPeers,
  "a herd of 2000 that reconnects": reconnectHerd,
  "datagrams from a hundred senders": udpFlood,
  "hostile datagrams": hostileDatagrams,
  "requests that are smuggled in behind others": smuggledRequests,
  "a path that a websocket-listener has, too": contestedPath,
  "connections to a TLS port that say nothing": silentTls,
  "a name that was pointed at this machine": dnsRebinding,
  "a household with more addresses than people": ipv6Crowds,
  "tokens where they do not belong": secretsInUrls,
  "pongs that answer nothing": forgedPongs,
  "goodbyes of those who stay": unfinishedCloses,
  "chatter of clients that should listen": chatter,
  "clients that answer only the newest ping": newestPongOnly,
  "clients that resume deep in the log": resumingDeepInTheLog,
  "ten thousand topics for clients that want each every millisecond": everyMillisecond,
  "ten thousand topics for clients that never read": latestOfManyTopics,
  "a token that uses up all filters": greedyFilters,
  "reconnects beside residents with filters": reconnectsBesideResidents,
  "reconnects beside tenants with tokens": reconnectsBesideTenants,
  "filters times topics": filtersTimesTopics,
  "topics without end": topicsWithoutEnd,
  "fields without end, to be averaged": fieldsWithoutEnd,
  "datagrams of thousands of readings": manyReadings,
  "bombs in bursts": bombBursts,
  "control characters in datagrams": controlCharacters,
  "readings for a server without a port": readingsForNoServer,
  "readings for a client that is gone": readingsForNoClient,
};

/** Clients are asked to come back in the middle of these, and then miss nothing. */
export const ATTACKS_WITH_REDEPLOY: Readonly<Record<string, Attack>> = {
  "slow readers": redeployDuring(slowReaders),
  "half-open peers": redeployDuring(halfOpenPeers),
  "a herd that reconnects": redeployDuring(reconnectHerd),
  "connections to a TLS port that say nothing": redeployBesideSilence,
};
