import { type Sentence, sentence } from "../text/sentence";

/** Scheme and host, without what a URL may have besides: path, user, white space, backslashes. */
const ORIGIN = /^https?:\/\/[^\s/\\?#@]+\/?$/i;
const HOST = /^[^\s/\\?#@]+$/;

export interface OriginPolicy {
  /** Origins of other hosts' pages, in the form of `normalizeOrigin`. */
  readonly allowed: ReadonlySet<string>;
  /** Refuses clients without the header, that is all but browsers. */
  readonly required: boolean;
}

/** @param origins as the user wrote them, each without `originError` */
export function originPolicy(origins: readonly string[], required: boolean): OriginPolicy {
  return { allowed: new Set(origins.map((origin) => normalizeOrigin(origin) ?? origin)), required };
}

/**
 * Whether a page may open a WebSocket here: one from the same host name, on any port, or from a listed origin. Compares
 * parsed URLs, since `https://good.com.evil.com` begins with `https://good.com`. Does not protect a server without tokens
 * from a page whose own host name leads to it (DNS rebinding).
 *
 * @param origin the Origin header; missing when the client is not a browser
 * @param host the Host header
 */
export function originAllowed(
  origin: string | undefined,
  host: string | undefined,
  { allowed, required }: OriginPolicy,
): boolean {
  if (origin === undefined) return !required;
  const normalized = normalizeOrigin(origin);
  if (normalized === undefined) return false;
  if (allowed.has(normalized)) return true;
  if (normalized === "null" || host === undefined || !HOST.test(host) || !URL.canParse(`http://${host}`)) return false;
  return new URL(normalized).hostname === new URL(`http://${host}`).hostname;
}

/**
 * @returns scheme, lower-case host in ASCII (IDNA) and non-default port; `"null"`, which is what sandboxed frames and local
 * files send, as such; `undefined` for what is not an origin
 */
export function normalizeOrigin(origin: string): string | undefined {
  if (origin === "null") return origin;
  return ORIGIN.test(origin) && URL.canParse(origin) ? new URL(origin).origin : undefined;
}

/**
 * The check of a configuration field; runs in the editor too.
 * @returns what is accepted instead, or `undefined` for an origin
 */
export function originError(text: string): Sentence | undefined {
  const normalized = normalizeOrigin(text);
  if (normalized === undefined) return sentence("access.accepted-origin");
  if (normalized.includes("*")) return sentence("access.accepted-origin-no-wildcard");
  return undefined;
}
