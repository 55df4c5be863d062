import type { CidrList } from "../../net/cidr-list";
import { canonicalAddress, plainAddress } from "../../net/ip-address";

/** A header longer than any chain of proxies is made up. */
const MAX_HOPS = 32;

/**
 * The address of a client that may be behind proxies. Each proxy appends to `X-Forwarded-For` whom it was talking to, so
 * the list is believed from its right end, and only as far as those who wrote it are trusted: what a client put there
 * itself stands further to the left and is never reached.
 *
 * @param peer address at the other end of the connection
 * @param forwardedFor the header, several joined by commas
 * @returns the first address from the right that is no trusted proxy; `peer` when the header is malformed before that
 */
export function clientAddress(peer: string, forwardedFor: string | undefined, trusted: CidrList): string {
  const connected = plainAddress(peer, "drop");
  let address = connected;
  let end = forwardedFor?.length ?? 0;
  for (let hop = 0; forwardedFor !== undefined && end >= 0 && trusted.includes(address); hop++) {
    if (hop === MAX_HOPS) return connected;
    const comma = end === 0 ? -1 : forwardedFor.lastIndexOf(",", end - 1);
    const written = writtenAddress(forwardedFor.slice(comma + 1, end));
    if (written === undefined) return connected;
    address = written;
    end = comma;
  }
  return address;
}

/** Some proxies add the port: `192.0.2.1:5678`, `[2001:db8::1]:5678`. */
function writtenAddress(text: string): string | undefined {
  const trimmed = text.trim();
  const [, bracketed, ipv4] = /^(?:\[([^\]]*)\](?::\d{1,5})?|([\d.]+):\d{1,5})$/.exec(trimmed) ?? [];
  return canonicalAddress(bracketed ?? ipv4 ?? trimmed);
}
