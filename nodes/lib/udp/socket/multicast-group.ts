import { canonicalAddress, isIPv6 } from "../../net/ip-address";
import { type Sentence, sentence } from "../../text/sentence";

/** What to join: a multicast address, or what one source alone sends to it (RFC 4607), written `group@source`. */
export interface MulticastGroup {
  readonly address: string;
  readonly source: string | undefined;
}

const MULTICAST_IPV4 = /^(22[4-9]|23\d)\./;
const MULTICAST_IPV6 = /^ff[\da-f]{2}:/;

export function isMulticast(address: string): boolean {
  return MULTICAST_IPV4.test(address) || MULTICAST_IPV6.test(address);
}

/** @param text as `groupError` accepts it */
export function parseGroup(text: string): MulticastGroup {
  const [address = "", source] = text.split("@", 2);
  return { address: canonicalAddress(address) ?? address, source };
}

/**
 * The check of a configuration field; runs in the editor too.
 * @returns what is accepted instead, or `undefined` for a group
 */
export function groupError(text: string): Sentence | undefined {
  const [written = "", source, ...rest] = text.split("@");
  const address = canonicalAddress(written);
  if (address === undefined || !isMulticast(address) || rest.length > 0) {
    return sentence("socket.accept-group");
  }
  if (source === undefined) return undefined;
  const sender = canonicalAddress(source);
  if (sender === undefined || isMulticast(sender) || isIPv6(sender) !== isIPv6(address)) {
    return sentence("socket.accept-source");
  }
  return undefined;
}

/**
 * What to bind so as to receive what is sent to a group and nothing else.
 * @param ipv6Interface where an IPv6 group is joined, as in `::%eth0`
 */
export function groupBindAddress(group: string, isIPv4Socket: boolean, ipv6Interface: string | undefined): string {
  const { address } = parseGroup(group);
  if (!isIPv6(address)) return isIPv4Socket ? address : `::ffff:${address}`;
  const zone = ipv6Interface?.split("%")[1];
  return zone === undefined ? address : `${address}%${zone}`;
}
