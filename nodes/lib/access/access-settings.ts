import { type Sentence, sentence } from "../text/sentence";
import { type Clock, systemClock } from "../time/clock";
import { AccessControl } from "./access-control";
import { AccessError } from "./errors";
import type { JwtAlgorithm } from "./jwt-algorithms";
import { JwtVerifier } from "./jwt-verifier";
import { parseTokens, tokenWarnings } from "./token-list";
import { TokenSet } from "./token-set";

/** What a user sets in the open. */
export interface AccessSettings {
  /** Lets nobody in while no tokens are listed: a flow that is copied elsewhere arrives without its secrets. */
  readonly requireToken: boolean;
  readonly jwtAlgorithm: JwtAlgorithm | "off";
  /** Empty: any. */
  readonly jwtAudience: string;
  /** Empty: any. */
  readonly jwtIssuer: string;
  readonly jwtTopicsClaim: string;
}

/** What is kept apart from the flow. */
export interface AccessSecrets {
  /** As `parseTokens` takes them. */
  readonly tokens?: unknown;
  readonly jwtKey?: unknown;
}

/** Whom to tell, besides the caller. Called without `this`. */
export interface AccessReports {
  /** Told of a token that will not serve well. */
  warn(warning: Sentence): void;
  /** An error of our own while a token was checked. */
  error(error: unknown): void;
  readonly clock?: Clock;
}

/** @throws {AccessError} when it cannot be told who may get in */
export function readAccess(
  settings: AccessSettings,
  { tokens, jwtKey }: AccessSecrets,
  { warn, error: onError, clock = systemClock }: AccessReports,
): AccessControl {
  const { jwtAlgorithm: algorithm, jwtAudience, jwtIssuer, jwtTopicsClaim: topicsClaim } = settings;
  const listed = parseTokens(tokens);
  if (listed.length === 0 && settings.requireToken && algorithm === "off") {
    throw new AccessError(sentence("access.no-token-listed"));
  }
  for (const warning of tokenWarnings(listed)) warn(warning);
  if (listed.length > 0 && !settings.requireToken && algorithm === "off") warn(sentence("access.tokens-not-required"));
  const jwt =
    algorithm === "off"
      ? undefined
      : new JwtVerifier(
          {
            algorithm,
            key: typeof jwtKey === "string" ? jwtKey : "",
            audience: jwtAudience || undefined,
            issuer: jwtIssuer || undefined,
            topicsClaim,
          },
          onError,
          clock,
        );
  return new AccessControl(listed.length === 0 ? undefined : new TokenSet(listed, clock), jwt);
}
