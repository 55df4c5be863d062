import { filterError, MAX_FILTERS } from "../mqtt/topic-filter";
import { quote } from "../text/quote";
import { type Sentence, sentence } from "../text/sentence";
import { MAX_TOKEN_BYTES, TOKEN_CHARACTERS } from "./bearer";
import { TokenListError } from "./errors";
import { MAX_NAME_CHARACTERS } from "./grant";

/** A client's token is compared with every one. */
const MAX_TOKENS = 1000;
/** Shorter ones can be guessed. */
const MIN_STRONG_CHARACTERS = 16;
const SHA256 = /^[\da-f]{64}$/i;
/** What can be sent as a subprotocol, the only way for a browser besides the URL: a token of RFC 9110, section 5.6.2. */
const SUBPROTOCOL = /^[\w!#$%&'*+.^`|~-]+$/;

/** A token as listed by the user: its text, or the hash of it. */
export interface ListedToken {
  readonly name: string;
  readonly token?: string;
  /** SHA-256 of the token in hexadecimal: all that the editor gets to know of a token once it is saved. */
  readonly sha256?: string;
  /** MQTT topic filters of what it may read, at least one. */
  readonly filters: readonly string[];
  /** Milliseconds since the epoch; `undefined`: never. */
  readonly expiresAt: number | undefined;
}

/**
 * Reads tokens from where they are saved: a list, or JSON text of one.
 * @throws {TokenListError}
 */
export function parseTokens(saved: unknown): readonly ListedToken[] {
  if (saved === undefined || saved === null || (typeof saved === "string" && saved.trim() === "")) return [];
  return parseTokenList(typeof saved === "string" ? parseJson(saved) : saved);
}

/** The message of `JSON.parse` quotes what it reads. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TokenListError(sentence("access.tokens-not-json"));
  }
}

/**
 * Reads a list of `{name, token, topics, expires}`: `topics` an array of MQTT topic filters (also under the name `filters`);
 * instead of `token` there may be its hash as `sha256`; `expires` an ISO 8601 date
 * (then 00:00 UTC) or date and time, or milliseconds since the epoch; missing, `null` or empty for never.
 * @throws {TokenListError} for the first entry that is not accepted
 */
export function parseTokenList(saved: unknown): readonly ListedToken[] {
  if (!Array.isArray(saved)) throw new TokenListError(sentence("access.tokens-not-list"));
  if (saved.length > MAX_TOKENS) throw new TokenListError(sentence("access.tokens-too-many", { max: MAX_TOKENS }));
  const byName = new Set<string>();
  const byText = new Map<string, string>();
  return saved.map((entry: unknown, index) => {
    const listed = parseEntry(entry, index);
    const { name, token, sha256 } = listed;
    const identity = token ?? sha256 ?? "";
    if (byName.has(name)) throw new TokenListError(sentence("access.tokens-same-name", { name: quote(name) }));
    const twin = byText.get(identity);
    if (twin !== undefined)
      throw new TokenListError(sentence("access.tokens-same-text", { first: quote(twin), second: quote(name) }));
    byName.add(name);
    byText.set(identity, name);
    return listed;
  });
}

/** What to say of tokens that are accepted but will not serve well. */
export function tokenWarnings(tokens: readonly ListedToken[]): Sentence[] {
  return tokens.flatMap(({ name, token }) => {
    const warnings: Sentence[] = [];
    if (token === undefined) return warnings;
    if (token.length < MIN_STRONG_CHARACTERS) {
      warnings.push(sentence("access.token-weak", { name: quote(name), min: MIN_STRONG_CHARACTERS }));
    }
    if (!SUBPROTOCOL.test(token)) {
      warnings.push(sentence("access.token-not-subprotocol", { name: quote(name) }));
    }
    return warnings;
  });
}

function parseEntry(entry: unknown, index: number): ListedToken {
  if (typeof entry !== "object" || entry === null) {
    throw new TokenListError(sentence("access.token-incomplete", { number: index + 1 }));
  }
  const saved: Partial<Record<keyof ListedToken | "topics" | "expires", unknown>> = entry;
  const { name: savedName, token, sha256, topics, filters, expires } = saved;
  const name = typeof savedName === "string" ? savedName.trim() : "";
  if (name === "") throw new TokenListError(sentence("access.token-nameless", { number: index + 1 }));
  if (name.length > MAX_NAME_CHARACTERS) {
    throw new TokenListError(sentence("access.token-long-name", { number: index + 1, max: MAX_NAME_CHARACTERS }));
  }
  return {
    name,
    ...(token === undefined && typeof sha256 === "string" && SHA256.test(sha256)
      ? { sha256: sha256.toLowerCase() }
      : { token: parseText(token, name) }),
    filters: parseFilters(topics ?? filters, name),
    expiresAt: parseExpiry(expires, name),
  };
}

function parseText(token: unknown, name: string): string {
  if (typeof token !== "string" || token === "")
    throw new TokenListError(sentence("access.token-empty", { name: quote(name) }));
  if (!TOKEN_CHARACTERS.test(token)) {
    throw new TokenListError(sentence("access.token-characters", { name: quote(name) }));
  }
  if (token.length > MAX_TOKEN_BYTES) {
    throw new TokenListError(sentence("access.token-too-long", { name: quote(name), max: MAX_TOKEN_BYTES }));
  }
  return token;
}

function parseFilters(filters: unknown, name: string): readonly string[] {
  if (!Array.isArray(filters) || filters.length === 0) {
    throw new TokenListError(sentence("access.token-without-filters", { name: quote(name) }));
  }
  if (filters.length > MAX_FILTERS) {
    throw new TokenListError(sentence("access.token-too-many-filters", { name: quote(name), max: MAX_FILTERS }));
  }
  for (const filter of filters as unknown[]) {
    const wrong = typeof filter === "string" ? filterError(filter) : sentence("mqtt.filter-not-text");
    if (wrong !== undefined) {
      throw new TokenListError(
        sentence("access.token-bad-filter", { name: quote(name), filter: quote(filter), wrong }),
      );
    }
  }
  return [...new Set(filters as string[])];
}

const ISO_TIME = /^(\d{4})-(\d\d)-(\d\d)(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/;
/** Of `Date`, ECMA-262 section 21.4.1.1. */
const MAX_TIME_MS = 8.64e15;

function parseExpiry(expires: unknown, name: string): number | undefined {
  if (expires === undefined || expires === null || expires === "") return undefined;
  if (typeof expires === "number" && expires > 0 && expires <= MAX_TIME_MS) return expires;
  if (typeof expires === "string" && ISO_TIME.test(expires) && isDayOfCalendar(expires)) {
    const time = Date.parse(expires);
    if (!Number.isNaN(time)) return time;
  }
  throw new TokenListError(sentence("access.token-bad-expiry", { name: quote(name), value: quote(expires) }));
}

/** `Date.parse` takes 30 February for 2 March. */
function isDayOfCalendar(isoTime: string): boolean {
  const day = isoTime.slice(0, 10);
  const time = Date.parse(day);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}
