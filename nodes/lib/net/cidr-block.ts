import { type Sentence, sentence } from "../text/sentence";
import { canonicalAddress, isIPv6 } from "./ip-address";

/** Addresses that begin with the same bits. A single address is a block of full length. */
export interface CidrBlock {
  readonly family: "ipv4" | "ipv6";
  readonly address: string;
  /** Bits that count, from 0 to 32 or 128. */
  readonly prefix: number;
}

/** Of an IPv4-mapped address, the bits before the IPv4 address. */
const MAPPED_BITS = 96;

/**
 * Reads an address or a block such as `192.168.0.0/16` or `fd00::/8`. Bits beyond the prefix may be set: `10.1.2.3/8` is
 * `10.0.0.0/8`.
 */
export function parseCidrBlock(text: string): CidrBlock | undefined {
  const [, written = "", length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = canonicalAddress(written);
  if (address === undefined) return undefined;
  if (isIPv6(address)) return inRange({ family: "ipv6", address, prefix: Number(length ?? 128) }, 128);
  // A block of IPv4-mapped addresses is one of IPv4, as long as it holds nothing else.
  const isMapped = isIPv6(written);
  const prefix = length === undefined ? 32 : Number(length) - (isMapped ? MAPPED_BITS : 0);
  return inRange({ family: "ipv4", address, prefix }, 32);
}

function inRange(block: CidrBlock, maxPrefix: number): CidrBlock | undefined {
  return block.prefix >= 0 && block.prefix <= maxPrefix ? block : undefined;
}

/**
 * The check of a configuration field; runs in the editor too.
 * @returns what is accepted instead, or `undefined` for an address or a block
 */
export function cidrError(text: string): Sentence | undefined {
  if (parseCidrBlock(text) !== undefined) return undefined;
  const [address = "", prefix] = text.split("/", 2);
  const canonical = canonicalAddress(address);
  if (canonical !== undefined && prefix !== undefined) {
    return sentence(isIPv6(address) ? "net.accepted-ipv6-block" : "net.accepted-ipv4-block");
  }
  return sentence("net.accepted-block");
}
