import type { Clock } from "../time/clock";
import { CLOSE_REASONS } from "../ws/clients/close-reasons";
import { askedUrl, type FeedOptions } from "./feed-options";
import { type Cause, type Fetch, whyRefused } from "./refusal";

/** Node-RED itself ends an upgrade that nobody answers after 5 s. */
const OPEN_TIMEOUT_MS = 10_000;
const PROTOCOL = "sensorcast";
/** What a WebSocket may offer as a protocol: a token of RFC 9110, section 5.6.2. */
const PROTOCOL_CHARACTERS = /^[!#$%&'*+.^_`|~\w-]+$/;

/** A WebSocket as browsers, Node.js 22, Deno and `ws` have it, as much of it as is used. */
export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: (() => void) | null;
  close(): void;
}

export type SocketClass = new (url: string, protocols: string[]) => Socket;

/** What a connection is made with. */
export interface Network {
  readonly WebSocket: SocketClass;
  readonly fetch: Fetch;
  readonly clock: Clock;
}

export interface DiallingListener {
  opened(): void;
  received(data: unknown): void;
  /** Called once, and nothing afterwards. */
  ended(cause: Cause): void;
}

export interface Call {
  readonly server: URL;
  readonly options: FeedOptions;
  readonly since: string | undefined;
}

/**
 * Makes one attempt to connect, and tells what becomes of it.
 * @returns ends it; the listener hears nothing more
 */
export function dial(call: Call, network: Network, listener: DiallingListener): () => void {
  const { clock } = network;
  let socket: Socket | undefined;
  let isOver = false;
  let cancelTimeout = (): void => undefined;

  const end = (): void => {
    isOver = true;
    cancelTimeout();
    if (socket === undefined) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    // `ws` reports that it was closed while connecting; without a listener that would end the program.
    socket.onerror = () => undefined;
    socket.close();
  };
  const endWith = (cause: Cause): void => {
    if (isOver) return;
    end();
    listener.ended(cause);
  };

  const open = async (): Promise<void> => {
    const shown = await tokenOf(call.options);
    if (isOver) return;
    const asked = askedUrl(call.server, call.options, call.since);
    const { url, protocols } = presenting(asked, shown);
    let wasOpen = false;
    socket = new network.WebSocket(url, protocols);
    socket.onopen = () => {
      wasOpen = true;
      cancelTimeout();
      listener.opened();
    };
    socket.onmessage = ({ data }) => listener.received(data);
    // A close event follows.
    socket.onerror = () => undefined;
    socket.onclose = ({ code, reason }) => {
      if (wasOpen) endWith(causeOf(code, reason));
      else void whyRefused(network.fetch, asked, shown).then(endWith);
    };
    cancelTimeout = clock.timeout(() => {
      endWith({ words: `${asked.host} does not answer`, reconnect: true });
    }, OPEN_TIMEOUT_MS);
  };
  open().catch((error) => endWith({ words: String(error?.message ?? error), reconnect: error instanceof TokenError }));
  return end;
}

class TokenError extends Error {}

/** @throws {TokenError} */
async function tokenOf({ token }: FeedOptions): Promise<string | undefined> {
  if (typeof token !== "function") return token;
  try {
    return await token();
  } catch (error) {
    throw new TokenError(`there is no token: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

/** A token goes where it is not logged, if it can. */
function presenting(asked: URL, token: string | undefined): { url: string; protocols: string[] } {
  if (token === undefined || token === "") return { url: asked.href, protocols: [] };
  if (PROTOCOL_CHARACTERS.test(token)) return { url: asked.href, protocols: [PROTOCOL, `bearer.${token}`] };
  const url = new URL(asked);
  url.searchParams.set("token", token);
  return { url: url.href, protocols: [] };
}

function causeOf(code: number, reason: string): Cause {
  const known = CLOSE_REASONS.find((each) => each.code === code);
  return { words: reason || known?.reason || "the connection was lost", code, reconnect: known?.reconnect ?? true };
}
