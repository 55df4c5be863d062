import { createHmac, type KeyObject, randomBytes } from "node:crypto";
import { quote } from "../text/quote";
import { type Sentence, sentence } from "../text/sentence";
import { type Clock, systemClock } from "../time/clock";
import { MAX_TOKEN_BYTES } from "./bearer";
import type { Denial, Grant } from "./grant";
import type { JwtAlgorithm } from "./jwt-algorithms";
import { grantedFilters, subjectOf } from "./jwt-claims";
import { type JwtKey, readJwtKeys } from "./jwt-keys";

/** Others on the same web server end upgrades that stay unanswered for a second. */
const VERDICT_TIMEOUT_MS = 800;
const CLOCK_TOLERANCE_S = 5;
/** RFC 7515, section 7.1. jose reads over characters that are not of base64url. */
const COMPACT_FORM = /^[\w-]+\.[\w-]+\.[\w-]*$/;
/** Of `Date`, ECMA-262 section 21.4.1.1. */
const MAX_TIME_MS = 8.64e15;
const PROCESS_KEY = randomBytes(32);

export interface JwtOptions {
  /** The only one accepted, whatever the header of a token says. */
  readonly algorithm: JwtAlgorithm;
  /** As `readJwtKeys` takes it. */
  readonly key: string;
  /** Expected `iss`; `undefined`: any or none. */
  readonly issuer?: string | undefined;
  /** Expected among `aud`; `undefined`: any or none. */
  readonly audience?: string | undefined;
  /** Name of the claim with the topic filters. */
  readonly topicsClaim?: string;
  /** Refuses tokens that never expire; default: true. */
  readonly requireExpiry?: boolean;
}

/** Checks JSON Web Tokens (RFC 7519) of one issuer. */
export class JwtVerifier {
  readonly #keys: readonly JwtKey[];
  readonly #id: string;
  readonly #settings: Required<Omit<JwtOptions, "key">>;
  readonly #onError: (error: unknown) => void;
  readonly #clock: Clock;

  /**
   * @param onError is told why a token could not be checked at all: an error of our own
   * @throws {JwtKeyError}
   */
  constructor(
    { key, algorithm, issuer, audience, topicsClaim = "topics", requireExpiry = true }: JwtOptions,
    onError: (error: unknown) => void,
    clock: Clock = systemClock,
  ) {
    this.#onError = onError;
    this.#clock = clock;
    this.#keys = readJwtKeys(key, algorithm);
    this.#settings = { algorithm, issuer, audience, topicsClaim, requireExpiry };
    const identity = JSON.stringify([key, algorithm, issuer, audience, topicsClaim, requireExpiry]);
    this.#id = createHmac("sha256", PROCESS_KEY).update(identity).digest("hex");
    // So that the first client need not wait for it. Should it fail, that client will meet the error.
    loadJose().catch(() => undefined);
  }

  /** Never rejects, and resolves within 0.8 s. */
  async verdict(token: string): Promise<Grant | Denial> {
    if (token.length > MAX_TOKEN_BYTES) return denial(sentence("access.jwt-too-long", { max: MAX_TOKEN_BYTES }));
    if (!COMPACT_FORM.test(token)) return denial(NO_TOKEN);
    let stopTimer: (() => void) | undefined;
    const timeout = new Promise<Denial>((resolve) => {
      stopTimer = this.#clock.timeout(() => resolve(NOT_NOW), VERDICT_TIMEOUT_MS);
    });
    try {
      return await Promise.race([this.#verify(token), timeout]);
    } finally {
      stopTimer?.();
    }
  }

  /** Whether a grant, also one of an earlier verifier, is still good: same settings, and not expired. */
  holds({ id, expiresAt }: Grant): boolean {
    return id === this.#id && (expiresAt === undefined || expiresAt > this.#clock.wallTime());
  }

  async #verify(token: string): Promise<Grant | Denial> {
    const { algorithm, issuer, audience, topicsClaim, requireExpiry } = this.#settings;
    try {
      const { jwtVerify } = await loadJose();
      const { payload } = await jwtVerify(token, ({ kid }) => this.#keyFor(kid), {
        algorithms: [algorithm],
        clockTolerance: CLOCK_TOLERANCE_S,
        currentDate: new Date(this.#clock.wallTime()),
        requiredClaims: requireExpiry ? ["exp"] : [],
        ...(issuer !== undefined && { issuer }),
        ...(audience !== undefined && { audience }),
      });
      const filters = grantedFilters(payload, topicsClaim);
      if (filters === undefined) {
        return denial(sentence("access.jwt-no-topics", { claim: quote(topicsClaim) }));
      }
      const { exp } = payload;
      const expiresAt = exp === undefined ? undefined : (exp + CLOCK_TOLERANCE_S) * 1000;
      if (expiresAt !== undefined && expiresAt > MAX_TIME_MS) return denial(sentence("access.jwt-exp"));
      return { id: this.#id, name: subjectOf(payload), filters, expiresAt };
    } catch (error) {
      if (error instanceof UnknownKeyError) return denial(sentence("access.jwt-unknown-key"));
      const reason = reasonFor(error, algorithm);
      if (reason !== undefined) return denial(reason);
      this.#onError(error);
      return NOT_NOW;
    }
  }

  /** A token need not name its key when there is only one. */
  #keyFor(kid: unknown): KeyObject {
    const found = this.#keys.find((key) => key.kid === kid);
    const only = this.#keys.length === 1 ? this.#keys[0] : undefined;
    const key = found ?? (kid === undefined || only?.kid === undefined ? only : undefined);
    if (key === undefined) throw new UnknownKeyError();
    return key.key;
  }
}

class UnknownKeyError extends Error {}

const NOT_NOW: Denial = { status: 503, denied: sentence("access.token-unchecked") };

const NO_TOKEN = sentence("access.jwt-malformed");

function denial(denied: Sentence): Denial {
  return { status: 401, denied };
}

type Jose = typeof import("jose", { with: { "resolution-mode": "import" }});

let jose: Promise<Jose> | undefined;

/** It is an ES module, which Node.js 20 cannot `require`. */
function loadJose(): Promise<Jose> {
  jose ??= import("jose");
  return jose;
}

/** The messages of jose may quote the token, so only its codes are used. */
function reasonFor(error: unknown, algorithm: JwtAlgorithm): Sentence | undefined {
  const { code, claim } = error as { readonly code?: unknown; readonly claim?: unknown };
  switch (code) {
    case "ERR_JWT_EXPIRED":
      return sentence("access.token-expired");
    case "ERR_JWT_CLAIM_VALIDATION_FAILED":
      return CLAIM_REASONS.get(claim) ?? sentence("access.jwt-claims");
    case "ERR_JWS_SIGNATURE_VERIFICATION_FAILED":
      return sentence("access.jwt-signature");
    case "ERR_JOSE_ALG_NOT_ALLOWED":
      return sentence("access.jwt-algorithm", { algorithm });
    case "ERR_JWS_INVALID":
    case "ERR_JWT_INVALID":
    case "ERR_JOSE_NOT_SUPPORTED":
      return NO_TOKEN;
    default:
      return undefined;
  }
}

const CLAIM_REASONS: ReadonlyMap<unknown, Sentence> = new Map([
  ["exp", sentence("access.jwt-exp")],
  ["nbf", sentence("access.jwt-nbf")],
  ["iat", sentence("access.jwt-iat")],
  ["aud", sentence("access.jwt-aud")],
  ["iss", sentence("access.jwt-iss")],
]);
