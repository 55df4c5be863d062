/**
 * Whether a page may open a WebSocket here: one from the same host (on any port), or from a listed origin. Compares parsed
 * URLs, since `https://good.com.evil.com` begins with `https://good.com`.
 *
 * @param origin the Origin header; missing when the client is not a browser, which passes
 * @param host the Host header
 * @param allowed origins in the form of `normalizeOrigin`
 */
export function originAllowed(
  origin: string | undefined,
  host: string | undefined,
  allowed: ReadonlySet<string>,
): boolean {
  if (origin === undefined) return true;
  const normalized = normalizeOrigin(origin);
  if (normalized === undefined) return false;
  if (allowed.has(normalized)) return true;
  const own = host === undefined ? undefined : parse(`http://${host}`);
  return own !== undefined && own.hostname === parse(normalized)?.hostname;
}

/** @returns scheme, lower-case host and non-default port; `"null"` as such; `undefined` for what is not an origin */
export function normalizeOrigin(origin: string): string | undefined {
  if (origin === "null") return origin;
  const url = parse(origin);
  if (url === undefined) return undefined;
  const bare = url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "";
  return bare && (url.protocol === "http:" || url.protocol === "https:") ? url.origin : undefined;
}

/** Without `URL.canParse`, which not every browser that runs the editor has. */
function parse(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}
