/** What a feed shows as its token: the text itself, or what finds it, asked before every attempt to connect. */
export type Token = string | (() => string | undefined | Promise<string | undefined>);

/** What to listen to, and how. Every property may be left out. */
export interface FeedOptions {
  /** Address of the server, such as `wss://host:1880/ws`; `http` and `https` do as well. Default: where the client came from. */
  readonly url?: string | URL | undefined;
  /** MQTT topic filters; `+` stands for one level, `#` for all that follow. Default: every topic. */
  readonly topics?: string | readonly string[] | undefined;
  /** `stream`: every reading; `latest`: the newest of each topic once this client falls behind. Default: as the server has it. */
  readonly mode?: "stream" | "latest" | undefined;
  /** At most one reading of a topic in so many milliseconds, always the newest. */
  readonly every?: number | undefined;
  /** Begin with earlier readings of each topic: so many (`500`), or those of so long (`"60s"`, `"5m"`, `"1h"`). */
  readonly history?: number | string | undefined;
  /** Have readings that are sent together come in one message: at high rates that takes a browser less time. Default: no. */
  readonly batch?: boolean | undefined;
  readonly token?: Token | undefined;
  /** How many readings may wait for a consumer that iterates. Default: 10 000. */
  readonly buffer?: number | undefined;
  /** A page that has been hidden for so many milliseconds disconnects until it is seen again. Default: never. */
  readonly leaveHiddenAfter?: number | undefined;
  /** Closes the feed. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The server's address for a WebSocket, without a slash at the end.
 * @throws {TypeError} for what is no address of a server
 */
export function serverUrl(url: string | URL, base?: string): URL {
  const parsed = new URL(url, base);
  if (!/^(http|ws)s?:$/.test(parsed.protocol)) throw new TypeError(`url must be of ws, wss, http or https, not ${url}`);
  parsed.protocol = parsed.protocol.replace("http", "ws");
  parsed.pathname = parsed.pathname.replace(/(?<=.)\/$/, "");
  parsed.hash = "";
  return parsed;
}

/** The same address with what the client asks for. @param since of a reading */
export function askedUrl(server: URL, options: FeedOptions, since: string | undefined): URL {
  const url = new URL(server);
  const { mode, every, history, batch = false } = options;
  for (const topic of topicsOf(options)) url.searchParams.append("topic", topic);
  const single = { mode, every, history, envelope: 1, batch: batch ? "json" : undefined, since };
  for (const [name, value] of Object.entries(single))
    if (value !== undefined) url.searchParams.set(name, String(value));
  return url;
}

function topicsOf({ topics = [] }: FeedOptions): readonly string[] {
  return typeof topics === "string" ? [topics] : topics;
}
