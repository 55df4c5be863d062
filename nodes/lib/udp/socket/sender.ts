/** Who sent a datagram. An IPv4 sender has its IPv4 address, whatever the family of the socket. */
export interface Sender {
  readonly address: string;
  readonly port: number;
}

const MAPPED_PREFIX = "::ffff:";

/** Writes an IPv4-mapped IPv6 address (`::ffff:192.0.2.1`, RFC 4291 section 2.5.5.2) as IPv4. */
export function plainAddress(address: string): string {
  return address.startsWith(MAPPED_PREFIX) && address.includes(".") ? address.slice(MAPPED_PREFIX.length) : address;
}
