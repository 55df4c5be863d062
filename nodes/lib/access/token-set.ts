import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { sentence } from "../text/sentence";
import { type Clock, systemClock } from "../time/clock";
import type { Denial, Grant } from "./grant";
import type { ListedToken } from "./token-list";

/** Digests that end up in a heap dump or an event are of no use elsewhere. */
const PROCESS_KEY = randomBytes(32);
const UNKNOWN: Denial = { status: 401, denied: sentence("access.token-unknown") };
const EXPIRED: Denial = { status: 401, denied: sentence("access.token-expired"), isKnown: true };

interface TokenEntry {
  readonly digest: Buffer;
  readonly grant: Grant;
}

/** Keeps digests of the listed tokens, never their text, and finds the one that a client presents. */
export class TokenSet {
  readonly #entries: readonly TokenEntry[];
  readonly #ids: ReadonlySet<string>;
  readonly #clock: Clock;

  constructor(tokens: readonly ListedToken[], clock: Clock = systemClock) {
    this.#clock = clock;
    this.#entries = tokens.map(({ name, token = "", sha256 = sha256Of(token), filters, expiresAt }) => {
      const digest = digestOf(sha256);
      const id = digestOf(JSON.stringify([digest.toString("base64"), [...filters].sort(), expiresAt])).toString("hex");
      return { digest, grant: { id, name, filters, expiresAt } };
    });
    this.#ids = new Set(this.#entries.map(({ grant }) => grant.id));
  }

  /** Linear in the number of tokens, whichever it is, so that the time taken says nothing about any of them. */
  verdict(token: string): Grant | Denial {
    const digest = digestOf(sha256Of(token));
    let found: Grant | undefined;
    for (const entry of this.#entries) {
      if (timingSafeEqual(entry.digest, digest)) found = entry.grant;
    }
    if (found === undefined) return UNKNOWN;
    return this.#isExpired(found) ? EXPIRED : found;
  }

  /**
   * Whether a grant, also one of an earlier set, is still as good as when it was given: its token is listed with the same
   * filters and the same expiry, which has not come. A token may be renamed.
   */
  holds(grant: Grant): boolean {
    return this.#ids.has(grant.id) && !this.#isExpired(grant);
  }

  #isExpired({ expiresAt }: Grant): boolean {
    return expiresAt !== undefined && expiresAt <= this.#clock.wallTime();
  }
}

/** The form in which the editor keeps a token that it does not know. */
export function sha256Of(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

function digestOf(text: string): Buffer {
  return createHmac("sha256", PROCESS_KEY).update(text).digest();
}
