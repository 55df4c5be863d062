import { filterError } from "../mqtt/topic-filter";
import { MAX_TOKEN_BYTES } from "./bearer";
import { AccessError } from "./errors";

/** A client's token is compared with every one. */
const MAX_TOKENS = 1000;
const MAX_NAME_CHARACTERS = 64;
const MAX_FILTERS = 64;
/** Shorter ones can be guessed. */
const MIN_STRONG_CHARACTERS = 16;
/** What can be sent in a header and a URL at all. */
const PRINTABLE = /^[!-~]+$/;
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

/** A list of tokens is not accepted. The message is a sentence for the user and holds no token. */
export class TokenListError extends AccessError {
  override readonly code = "TOKENS_INVALID";

  constructor(message: string) {
    super(message);
    this.name = "TokenListError";
  }
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
    throw new TokenListError('the tokens must be JSON such as [{"name": ..., "token": ..., "topics": ["plant/#"]}]');
  }
}

/**
 * Reads a list of `{name, token, topics, expires}`: `topics` an array of MQTT topic filters (also under the name `filters`);
 * instead of `token` there may be its hash as `sha256`; `expires` an ISO 8601 date
 * (then 00:00 UTC) or date and time, or milliseconds since the epoch; missing, `null` or empty for never.
 * @throws {TokenListError} for the first entry that is not accepted
 */
export function parseTokenList(saved: unknown): readonly ListedToken[] {
  if (!Array.isArray(saved)) throw new TokenListError("the tokens must be a list");
  if (saved.length > MAX_TOKENS) throw new TokenListError(`there may be at most ${MAX_TOKENS} tokens`);
  const byName = new Set<string>();
  const byText = new Map<string, string>();
  return saved.map((entry: unknown, index) => {
    const listed = parseEntry(entry, index);
    const { name, token, sha256 } = listed;
    const identity = token ?? sha256 ?? "";
    if (byName.has(name)) throw new TokenListError(`the name ${quote(name)} is given to more than one token`);
    const twin = byText.get(identity);
    if (twin !== undefined) throw new TokenListError(`the tokens ${quote(twin)} and ${quote(name)} are the same`);
    byName.add(name);
    byText.set(identity, name);
    return listed;
  });
}

/** @returns sentences about tokens that are accepted but will not serve well */
export function tokenWarnings(tokens: readonly ListedToken[]): string[] {
  return tokens.flatMap(({ name, token }) => {
    const warnings: string[] = [];
    if (token === undefined) return warnings;
    if (token.length < MIN_STRONG_CHARACTERS) {
      warnings.push(
        `the token ${quote(name)} is easy to guess: use at least ${MIN_STRONG_CHARACTERS} random characters`,
      );
    }
    if (!SUBPROTOCOL.test(token)) {
      warnings.push(
        `the token ${quote(name)} cannot be sent as a subprotocol: use letters, digits and -, _ or . to allow it`,
      );
    }
    return warnings;
  });
}

function parseEntry(entry: unknown, index: number): ListedToken {
  if (typeof entry !== "object" || entry === null) {
    throw new TokenListError(`token ${index + 1} must have a name, a token and topic filters`);
  }
  const saved: Partial<Record<keyof ListedToken | "topics" | "expires", unknown>> = entry;
  const { name: savedName, token, sha256, topics, filters, expires } = saved;
  const name = typeof savedName === "string" ? savedName.trim() : "";
  if (name === "") throw new TokenListError(`token ${index + 1} must have a name`);
  if (name.length > MAX_NAME_CHARACTERS) {
    throw new TokenListError(`the name of token ${index + 1} may have at most ${MAX_NAME_CHARACTERS} characters`);
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
  if (typeof token !== "string" || token === "") throw new TokenListError(`the token ${quote(name)} must not be empty`);
  if (!PRINTABLE.test(token)) {
    throw new TokenListError(`the token ${quote(name)} must be of printable ASCII characters, without spaces`);
  }
  if (token.length > MAX_TOKEN_BYTES) {
    throw new TokenListError(`the token ${quote(name)} may have at most ${MAX_TOKEN_BYTES} characters`);
  }
  return token;
}

function parseFilters(filters: unknown, name: string): readonly string[] {
  if (!Array.isArray(filters) || filters.length === 0) {
    throw new TokenListError(
      `the token ${quote(name)} must have at least one topic filter: # lets it read every topic`,
    );
  }
  if (filters.length > MAX_FILTERS) {
    throw new TokenListError(`the token ${quote(name)} may have at most ${MAX_FILTERS} topic filters`);
  }
  for (const filter of filters as unknown[]) {
    const wrong = typeof filter === "string" ? filterError(filter) : "must be text";
    if (wrong !== undefined) {
      throw new TokenListError(
        `the token ${quote(name)} has a topic filter that is not valid: ${quote(filter)} ${wrong}`,
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
  throw new TokenListError(
    `the expiry of the token ${quote(name)} must be a date such as 2030-12-31 or 2030-12-31T18:00Z, not ${quote(expires)}`,
  );
}

/** `Date.parse` takes 30 February for 2 March. */
function isDayOfCalendar(isoTime: string): boolean {
  const day = isoTime.slice(0, 10);
  const time = Date.parse(day);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}

function quote(value: unknown): string {
  const shown = String(JSON.stringify(value));
  return shown.length > 80 ? `${shown.slice(0, 77)}...` : shown;
}
