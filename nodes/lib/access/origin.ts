import { canonicalAddress } from "../net/ip-address";
import { type Sentence, sentence } from "../text/sentence";

/** Scheme and host, without what a URL may have besides: path, user, white space, backslashes. */
const ORIGIN = /^https?:\/\/[^\s/\\?#@]+\/?$/i;
const HOST = /^[^\s/\\?#@]+$/;

/** What local files and sandboxed frames send as their origin. */
const NULL = "null";
const ANY = "*";

export interface OriginPolicy {
  /** Origins of other hosts' pages, in the form of `normalizeOrigin`. */
  readonly allowed: ReadonlySet<string>;
  /** Any page may connect. */
  readonly any: boolean;
  /** Refuses clients without the header, that is all but browsers. */
  readonly required: boolean;
}

/** @param origins as the user wrote them, each without `originError` */
export function originPolicy(origins: readonly string[], required: boolean): OriginPolicy {
  const allowed = origins.map((origin) => normalizeOrigin(origin) ?? origin);
  return { allowed: new Set(allowed), any: allowed.includes(ANY), required };
}

/** What a client asked for. */
export interface RequestedHost {
  /** The header `Host`, or what a trusted proxy says that it was. */
  readonly host: string | undefined;
  /**
   * That a page has the same host name proves nothing, since anybody can have a name that leads here (DNS rebinding): then
   * only pages of a loopback name or of a literal address are taken for pages of this host.
   */
  readonly provesNothing: boolean;
}

/**
 * `missing`: one is required; `hostless-page`: a local file or a sandboxed frame; `no-host`: there is nothing to compare
 * with; `unproven`: the same host, but that proves nothing; `foreign`: the page of another host.
 */
export type OriginDenial = "missing" | "hostless-page" | "no-host" | "unproven" | "foreign";

/**
 * Why a page may not open a WebSocket here. One may from the same host name, on any port, or from a listed origin. Compares
 * parsed URLs, since `https://good.com.evil.com` begins with `https://good.com`.
 *
 * @param origin the header `Origin`; missing when the client is not a browser
 * @returns `undefined` when it may
 */
export function originDenial(
  origin: string | undefined,
  { host, provesNothing }: RequestedHost,
  { allowed, any, required }: OriginPolicy,
): OriginDenial | undefined {
  if (origin === undefined) return required ? "missing" : undefined;
  if (any) return undefined;
  const normalized = normalizeOrigin(origin);
  if (normalized === undefined) return "foreign";
  if (allowed.has(normalized)) return undefined;
  if (normalized === NULL) return "hostless-page";
  if (host === undefined || host === "") return "no-host";
  if (!HOST.test(host) || !URL.canParse(`http://${host}`)) return "foreign";
  const { hostname } = new URL(normalized);
  if (hostname !== new URL(`http://${host}`).hostname) return "foreign";
  return provesNothing && !isOwnName(hostname) ? "unproven" : undefined;
}

/** Whether a header `Host` is a name that nobody else can have, so that no page of another host can have come by it. */
export function isOwnHost(host: string | undefined): boolean {
  if (host === undefined || !HOST.test(host) || !URL.canParse(`http://${host}`)) return false;
  return isOwnName(new URL(`http://${host}`).hostname);
}

/** Nobody else can have it: a loopback name (RFC 6761, section 6.3), or an address that no name service was asked for. */
function isOwnName(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    canonicalAddress(hostname.replace(/^\[|\]$/g, "")) !== undefined
  );
}

/**
 * @returns scheme, lower-case host in ASCII (IDNA) and non-default port; `"null"` as such, and for `file://`, which means the
 * same; `"*"` as such; `undefined` for what is not an origin
 */
export function normalizeOrigin(origin: string): string | undefined {
  if (origin === NULL || origin === "file://") return NULL;
  if (origin === ANY) return origin;
  return ORIGIN.test(origin) && URL.canParse(origin) ? new URL(origin).origin : undefined;
}

/** What to say of origins that are accepted but let in more than most users want. */
export function originWarning(origins: readonly string[]): Sentence | undefined {
  return origins.includes(ANY) ? sentence("access.any-origin") : undefined;
}

/**
 * The check of a configuration field; runs in the editor too.
 * @returns what is accepted instead, or `undefined` for an origin
 */
export function originError(text: string): Sentence | undefined {
  const normalized = normalizeOrigin(text);
  if (normalized === undefined) return sentence("access.accepted-origin");
  if (normalized !== ANY && normalized.includes("*")) return sentence("access.accepted-origin-no-wildcard");
  return undefined;
}
