import { BlockList, isIP } from "node:net";
import { quote } from "../text/quote";
import { parseCidrBlock } from "./cidr-block";
import { plainAddress } from "./ip-address";

/** Of each generation. */
const MAX_VERDICTS = 4096;

/**
 * A list of addresses and blocks. `BlockList` takes microseconds for a look-up, too many for every datagram, so verdicts
 * are remembered by address, in two generations: once the young one is full it becomes the old one, whose addresses are
 * forgotten unless they are seen again. Spoofed senders cost bounded memory, and nobody else's verdict for long.
 */
export class CidrList {
  // Apart, since BlockList would let IPv4 addresses match some IPv6 blocks.
  readonly #ipv4 = new BlockList();
  readonly #ipv6 = new BlockList();
  #young = new Map<string, boolean>();
  #old = new Map<string, boolean>();

  /** @throws {RangeError} for what `cidrError` would not accept */
  constructor(readonly blocks: readonly string[]) {
    for (const text of blocks) {
      const block = parseCidrBlock(text);
      if (block === undefined) throw new RangeError(`${quote(text)} is neither an IP address nor a block of them`);
      const { family, address, prefix } = block;
      (family === "ipv4" ? this.#ipv4 : this.#ipv6).addSubnet(address, prefix, family);
    }
  }

  /** @param address as the operating system gives it, with or without zone; `false` for what is not an address */
  includes(address: string): boolean {
    const plain = plainAddress(address, "drop");
    const known = this.#young.get(plain);
    if (known !== undefined) return known;
    const version = isIP(plain);
    if (version === 0) return false;
    const verdict =
      this.#old.get(plain) ?? (version === 4 ? this.#ipv4.check(plain, "ipv4") : this.#ipv6.check(plain, "ipv6"));
    if (this.#young.size >= MAX_VERDICTS) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(plain, verdict);
    return verdict;
  }
}
