import { CidrList } from "../net/cidr-list";
import { RateLimit } from "../net/rate-limit";
import { sentence } from "../text/sentence";
import type { Clock } from "../time/clock";
import type { Rejection } from "./reports/rejection";
import type { Sender } from "./socket/sender";

/** Decides before anything is decoded whether a datagram is let in; `undefined`: it is. */
export type Gate = (datagram: Buffer, sender: Sender) => Rejection | undefined;

export interface GateConfig {
  /** Longest datagram let in, in bytes. */
  readonly maxBytes: number;
  /** Addresses and CIDR blocks of the senders let in; empty: all. */
  readonly allow: readonly string[];
  /** Datagrams per second let in from one address, of which it may send those of one second at once; 0: any number. */
  readonly maxRate: number;
}

/**
 * Costs a look-up or two by the sender's address. Both tables are bounded, so that spoofed senders cost bounded memory;
 * a datagram that is refused for another reason takes nothing of its sender's rate.
 */
export function createGate({ maxBytes, allow, maxRate }: GateConfig, clock: Clock): Gate {
  const allowed = allow.length > 0 ? new CidrList(allow) : undefined;
  const limit = maxRate > 0 ? new RateLimit({ rate: maxRate, clock }) : undefined;
  const notAllowed: Rejection = { reason: "sender", error: sentence("udp.not-allowed") };
  const tooMany: Rejection = { reason: "rate", error: sentence("udp.too-fast", { max: maxRate }) };

  return (datagram, { address }) => {
    if (datagram.length > maxBytes) {
      return { reason: "size", error: sentence("udp.too-long", { bytes: datagram.length, max: maxBytes }) };
    }
    if (allowed?.includes(address) === false) return notAllowed;
    if (limit?.take(address) === false) return tooMany;
    return undefined;
  };
}
