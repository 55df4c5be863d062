/** Why there is no connection: in words, and whether it is worth to try again. */
export interface Cause {
  readonly words: string;
  /** Of the server's answer by HTTP. */
  readonly status?: number | undefined;
  /** Of the WebSocket that ended. */
  readonly code?: number | undefined;
  readonly reconnect: boolean;
  /** Do not come back earlier, in milliseconds. */
  readonly afterMs?: number | undefined;
}

export type Fetch = typeof globalThis.fetch;

const ANSWER_TIMEOUT_MS = 5000;
const MAX_WORDS = 300;
/** A request that is wrong, a token that is not good, a page or topics that are not allowed: the next answer is the same. */
const FINAL: ReadonlySet<number> = new Set([400, 401, 403]);
/** What a server says to a request that would have been let in as a WebSocket. */
const UPGRADE_REQUIRED = 426;

/**
 * Asks the server by HTTP why it refused a WebSocket, which browsers do not tell: it answers a plain request for the same
 * address as it would answer the WebSocket. Never rejects.
 * @param asked the address that the WebSocket was asked for
 */
export async function whyRefused(fetch: Fetch, asked: URL, token: string | undefined): Promise<Cause> {
  const url = new URL(asked);
  url.protocol = url.protocol.replace("ws", "http");
  const headers: Record<string, string> = { Accept: "application/json" };
  const origin = globalThis.location?.origin;
  if (origin === undefined || origin === url.origin) {
    if (token !== undefined) headers.Authorization = `Bearer ${token}`;
    // Browsers name the origin of a WebSocket, but not that of a question to the page's own host.
    if (origin !== undefined) headers["Sensorcast-Origin"] = origin;
  } else if (token !== undefined) {
    // With headers of its own a page would have to ask other hosts for permission first.
    url.searchParams.set("token", token);
  }
  try {
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    return await causeIn(await fetch(url, { headers, signal, cache: "no-store", credentials: "same-origin" }));
  } catch {
    return { words: `${url.host} does not answer`, reconnect: true };
  }
}

async function causeIn(answer: Response): Promise<Cause> {
  const { status } = answer;
  if (status < 400 || status === UPGRADE_REQUIRED) {
    const words = "the server would accept this connection, but something on the way to it does not pass on WebSockets";
    return { words, status, reconnect: true };
  }
  const body: unknown = await answer.json().catch(() => undefined);
  const said = typeof body === "object" && body !== null && "error" in body ? String(body.error) : undefined;
  if (said === undefined && status === 404)
    return { words: "there is no such server here, at present", status, reconnect: true };
  const seconds = Number(answer.headers.get("Retry-After"));
  return {
    words: (said ?? `the server answered ${status}`).slice(0, MAX_WORDS),
    status,
    // Only the server itself says so for good: what has no such words may be of a proxy.
    reconnect: said === undefined || !FINAL.has(status),
    afterMs: seconds > 0 ? seconds * 1000 : undefined,
  };
}
