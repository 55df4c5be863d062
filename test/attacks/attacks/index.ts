import type { Attack } from "../attack";
import { connectFloodFromManyAddresses, connectFloodFromOneAddress } from "./connect-floods";
import { earlyResets } from "./early-resets";
import { forgedAddresses } from "./forged-addresses";
import { forgedTokens } from "./forged-tokens";
import { fragmentFlood } from "./fragment-flood";
import { halfOpenPeers } from "./half-open-peers";
import { hostileDatagrams } from "./hostile-datagrams";
import { hostileOrigins } from "./hostile-origins";
import { hostileUrls } from "./hostile-urls";
import { idleConnections } from "./idle-connections";
import { malformedFrames } from "./malformed-frames";
import { malformedHandshakes } from "./malformed-handshakes";
import { oversizedHeaders } from "./oversized-headers";
import { pingFlood } from "./ping-flood";
import { reconnectHerd } from "./reconnect-herd";
import { redeployDuring } from "./redeploys";
import { singleBytes } from "./single-bytes";
import { slowHeaders } from "./slow-headers";
import { slowReaders } from "./slow-readers";
import { udpFlood } from "./udp-floods";

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
};

/** Clients are asked to come back in the middle of these, and then miss nothing. */
export const ATTACKS_WITH_REDEPLOY: Readonly<Record<string, Attack>> = {
  "slow readers": redeployDuring(slowReaders),
  "half-open peers": redeployDuring(halfOpenPeers),
  "a herd that reconnects": redeployDuring(reconnectHerd),
};
