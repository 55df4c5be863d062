import type { IncomingMessage } from "node:http";
import { type ClientUrl, parseClientUrl, type UrlDefaults } from "./client-url";
import { normalizeOrigin, originAllowed } from "./origin";
import { Refusal } from "./refusal";
import type { Subscription } from "./subscription";

const WEBSOCKET_VERSION = "13";
/** Base64 of 16 bytes. */
const KEY = /^[+/0-9A-Za-z]{22}==$/;

export interface GatekeeperOptions extends UrlDefaults {
  /** Origins of pages allowed besides those of the same host. */
  readonly origins: readonly string[];
  /** 0: unlimited. */
  readonly maxClients: number;
  /** 0: unlimited. */
  readonly maxClientsPerAddress: number;
  /** @throws {Refusal} 401 when the client may not read anything; everybody may when there is no such check */
  readonly authorize?: (request: IncomingMessage, token: string | undefined) => void;
}

/** Decides who becomes a client, from the upgrade request alone, and counts who is in. */
export class Gatekeeper {
  readonly #origins: ReadonlySet<string>;
  readonly #inside = new Map<string, number>();
  #clients = 0;

  constructor(private readonly options: GatekeeperOptions) {
    this.#origins = new Set(options.origins.map((origin) => normalizeOrigin(origin) ?? origin));
  }

  /**
   * What the client will receive. It is inside once `enter` is called.
   * @throws {Refusal}
   */
  admit(request: IncomingMessage, address: string): Subscription {
    checkHandshake(request);
    const { subscription, token }: ClientUrl = parseClientUrl(request.url ?? "/", this.options);
    const { origin, host } = request.headers;
    if (!originAllowed(origin, host, this.#origins)) {
      throw new Refusal(403, `pages of ${origin} may not connect here: add it to the allowed origins of this server`);
    }
    this.options.authorize?.(request, token);
    this.#checkRoom(address);
    return subscription;
  }

  enter(address: string): void {
    this.#clients++;
    this.#inside.set(address, (this.#inside.get(address) ?? 0) + 1);
  }

  leave(address: string): void {
    this.#clients--;
    const left = (this.#inside.get(address) ?? 0) - 1;
    if (left > 0) this.#inside.set(address, left);
    else this.#inside.delete(address);
  }

  #checkRoom(address: string): void {
    const { maxClients, maxClientsPerAddress } = this.options;
    if (maxClients > 0 && this.#clients >= maxClients) {
      throw new Refusal(503, `this server is full: it takes ${maxClients} clients`);
    }
    if (maxClientsPerAddress > 0 && (this.#inside.get(address) ?? 0) >= maxClientsPerAddress) {
      throw new Refusal(429, `too many clients from your address: at most ${maxClientsPerAddress} are accepted`);
    }
  }
}

/** RFC 6455, section 4.2.1. */
function checkHandshake({ method, headers }: IncomingMessage): void {
  if (method !== "GET") throw new Refusal(405, `a WebSocket opens with GET, not ${method}`, { Allow: "GET" });
  if (headers.upgrade?.toLowerCase() !== "websocket") {
    throw new Refusal(426, "this address only speaks WebSocket", { Upgrade: "websocket" });
  }
  if (headers["sec-websocket-version"] !== WEBSOCKET_VERSION) {
    throw new Refusal(426, `Sec-WebSocket-Version must be ${WEBSOCKET_VERSION}`, {
      "Sec-WebSocket-Version": WEBSOCKET_VERSION,
    });
  }
  if (!KEY.test(headers["sec-websocket-key"] ?? "")) {
    throw new Refusal(400, "Sec-WebSocket-Key must be 16 bytes in base64");
  }
}
