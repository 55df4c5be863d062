import { sentence } from "../text/sentence";
import { type Denial, type Grant, isDenial } from "./grant";

/** `undefined`: everything may be read. */
export type Verdict = Grant | Denial | undefined;

/** Knows one kind of token. Never throws or rejects. */
export interface TokenVerifier<V = Grant | Denial | Promise<Grant | Denial>> {
  verdict(token: string): V;
  /** Whether a grant, also one of an earlier verifier, is still good. */
  holds(grant: Grant): boolean;
}

const TOKEN_NEEDED: Denial = { status: 401, denied: sentence("access.token-needed") };

/** Decides what a client may read by the token it presents: a listed one, or a JSON Web Token. Without either, all. */
export class AccessControl {
  readonly #listed: TokenVerifier<Grant | Denial> | undefined;
  readonly #jwt: TokenVerifier | undefined;

  constructor(listed?: TokenVerifier<Grant | Denial>, jwt?: TokenVerifier) {
    this.#listed = listed;
    this.#jwt = jwt;
  }

  /** Nobody needs a token. */
  get isOpen(): boolean {
    return this.#listed === undefined && this.#jwt === undefined;
  }

  /** At once for a listed token; for others, where JSON Web Tokens are accepted, within 0.8 s. Never throws or rejects. */
  verdict(token: string | undefined): Verdict | Promise<Verdict> {
    if (this.isOpen) return undefined;
    if (token === undefined) return TOKEN_NEEDED;
    const verdict = this.#listed?.verdict(token);
    if (verdict !== undefined && (!isDenial(verdict) || verdict.isKnown === true)) return verdict;
    return this.#jwt?.verdict(token) ?? verdict;
  }

  /** Whether what an earlier access control granted is granted here too, now. */
  holds(grant: Grant | undefined): boolean {
    if (grant === undefined) return this.isOpen;
    return (this.#listed?.holds(grant) ?? false) || (this.#jwt?.holds(grant) ?? false);
  }
}
