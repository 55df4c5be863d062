import { CidrList } from "../net/cidr-list";
import { RateLimit } from "../net/rate-limit";
import { sentence } from "../text/sentence";
import type { Clock } from "../time/clock";
import type { Rejection } from "./reports/rejection";
import type { Sender } from "./socket/sender";

export interface GateConfig {
  /** Longest datagram let in, in bytes. */
  readonly maxBytes: number;
  /** Addresses and CIDR blocks of the senders let in; empty: all. */
  readonly allow: readonly string[];
  /**
   * Readings per second let in from one address, of which it may send those of one second at once; a datagram counts as
   * one at least. 0: any number.
   */
  readonly maxRate: number;
}

const NOT_ALLOWED: Rejection = { reason: "sender", error: sentence("udp.not-allowed") };

/**
 * Decides before anything is decoded whether a datagram is let in. Costs a look-up or two by the sender's address. Both
 * tables are bounded, so that spoofed senders cost bounded memory; a datagram that is refused for another reason takes
 * nothing of its sender's rate.
 */
export class Gate {
  readonly #maxBytes: number;
  readonly #allowed: CidrList | undefined;
  readonly #limit: RateLimit | undefined;
  readonly #tooFast: Rejection;

  constructor({ maxBytes, allow, maxRate }: GateConfig, clock: Clock) {
    this.#maxBytes = maxBytes;
    this.#allowed = allow.length > 0 ? new CidrList(allow) : undefined;
    this.#limit = maxRate > 0 ? new RateLimit({ rate: maxRate, clock }) : undefined;
    this.#tooFast = { reason: "rate", error: sentence("udp.too-fast", { max: maxRate }) };
  }

  /** @returns undefined for a datagram that is let in */
  refusal(datagram: Buffer, { address }: Sender): Rejection | undefined {
    if (datagram.length > this.#maxBytes) {
      return { reason: "size", error: sentence("udp.too-long", { bytes: datagram.length, max: this.#maxBytes }) };
    }
    if (this.#allowed?.includes(address) === false) return NOT_ALLOWED;
    if (this.#limit?.take(address) === false) return this.#tooFast;
    return undefined;
  }

  /**
   * Takes of the rate of the sender what its datagram, which was let in as one reading, turned out to hold. It may have to
   * wait until it has made up for it.
   */
  charge({ address }: Sender, readings: number): void {
    if (readings > 1) this.#limit?.charge(address, readings - 1);
  }
}
