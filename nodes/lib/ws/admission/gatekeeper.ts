import type { IncomingMessage } from "node:http";
import { credentialOf } from "../../access/bearer";
import { CredentialError } from "../../access/errors";
import { isOwnHost, type OriginPolicy, originDenial, originPolicy } from "../../access/origin";
import { CidrList } from "../../net/cidr-list";
import { addressBlock, isLoopback } from "../../net/ip-address";
import { RateLimit } from "../../net/rate-limit";
import { sentence } from "../../text/sentence";
import { type Clock, systemClock } from "../../time/clock";
import type { Subscription } from "../hub/subscription";
import { parseClientUrl, type UrlDefaults } from "./client-url";
import { clientAddress } from "./forwarded";
import { checkHandshake } from "./handshake";
import { originOfQuestion } from "./question";
import { Refusal } from "./refusal";

/** Origin and host in a refusal are the client's own text. */
const MAX_SHOWN_CHARACTERS = 100;

export interface GatekeeperOptions extends UrlDefaults {
  /** Origins of pages allowed besides those of the same host. */
  readonly origins: readonly string[];
  /** Refuses clients without an origin, that is all but browsers. */
  readonly requireOrigin?: boolean;
  /** Addresses and blocks of clients; empty: any. */
  readonly allow?: readonly string[];
  /** Addresses and blocks of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: readonly string[];
  /** Attempts per second from one address; 0: unlimited. */
  readonly maxConnectRate?: number;
  /** 0: unlimited. */
  readonly maxClients: number;
  /** 0: unlimited. */
  readonly maxClientsPerAddress: number;
}

/** What a good request says about its client. */
export interface Application {
  readonly subscription: Subscription;
  readonly token: string | undefined;
}

/** Decides from the upgrade request alone who may become a client, if its token is good, and counts who is in. */
export class Gatekeeper {
  readonly #options: GatekeeperOptions;
  readonly #origins: OriginPolicy;
  readonly #allowed: CidrList | undefined;
  readonly #proxies: CidrList;
  readonly #connects: RateLimit | undefined;
  readonly #questions: RateLimit | undefined;
  readonly #inside = new Map<string, number>();
  #clients = 0;

  constructor(options: GatekeeperOptions, clock: Clock = systemClock) {
    this.#options = options;
    const { origins, requireOrigin = false, allow = [], trustedProxies = [], maxConnectRate = 0 } = options;
    this.#origins = originPolicy(origins, requireOrigin);
    this.#allowed = allow.length === 0 ? undefined : new CidrList(allow);
    this.#proxies = new CidrList(trustedProxies);
    const limit = (): RateLimit | undefined =>
      maxConnectRate === 0 ? undefined : new RateLimit({ rate: maxConnectRate, clock });
    this.#connects = limit();
    this.#questions = limit();
  }

  /** Address of the client, behind whatever trusted proxies; empty when it is already gone. */
  addressOf({ socket, headers }: IncomingMessage): string {
    const forwardedFor = headers["x-forwarded-for"];
    const joined = Array.isArray(forwardedFor) ? forwardedFor.join(",") : forwardedFor;
    return clientAddress(socket.remoteAddress ?? "", joined, this.#proxies);
  }

  /**
   * What the client asks for. It counts as inside once `enter` is called.
   * @param address of `addressOf`
   * @param needsToken otherwise tokens are not looked at
   * @throws {Refusal}
   */
  admit(request: IncomingMessage, address: string, needsToken: boolean): Application {
    this.#checkAddress(address, this.#connects);
    checkHandshake(request);
    return this.#applicationOf(request, address, { needsToken, origin: request.headers.origin });
  }

  /**
   * The same for a plain request that asks what a WebSocket would be told.
   * @throws {Refusal}
   */
  consider(request: IncomingMessage, address: string, needsToken: boolean): Application {
    this.#checkAddress(address, this.#questions);
    return this.#applicationOf(request, address, { needsToken, origin: originOfQuestion(request) });
  }

  /**
   * The token of a request for the metrics; `undefined` where none is needed.
   * @throws {Refusal} also where none is needed, unless it certainly comes from this machine: no proxy has passed it on, and
   * no page of another host has found a name for it (DNS rebinding)
   */
  considerScrape(request: IncomingMessage, address: string, needsToken: boolean): string | undefined {
    this.#checkAddress(address, this.#questions);
    if (needsToken) return tokenOf(request);
    const { headers, socket } = request;
    const isForwarded = headers.forwarded !== undefined || headers["x-forwarded-for"] !== undefined;
    const isBelieved = !isForwarded || this.#proxies.includes(socket.remoteAddress ?? "");
    if (isLoopback(address) && isBelieved && isOwnHost(headers.host)) return undefined;
    throw new Refusal(403, sentence("admission.metrics-loopback"));
  }

  enter(address: string): void {
    this.#clients++;
    const block = addressBlock(address);
    this.#inside.set(block, (this.#inside.get(block) ?? 0) + 1);
  }

  leave(address: string): void {
    this.#clients--;
    const block = addressBlock(address);
    const left = (this.#inside.get(block) ?? 0) - 1;
    if (left > 0) this.#inside.set(block, left);
    else this.#inside.delete(block);
  }

  #checkAddress(address: string, attempts: RateLimit | undefined): void {
    if (this.#allowed?.includes(address) === false)
      throw new Refusal(403, sentence("admission.address-not-allowed", { address }));
    if (attempts?.take(addressBlock(address)) === false) {
      throw new Refusal(429, sentence("admission.too-many-attempts"), {
        headers: { "Retry-After": "1" },
      });
    }
  }

  #applicationOf(
    request: IncomingMessage,
    address: string,
    { needsToken, origin }: { readonly needsToken: boolean; readonly origin: string | undefined },
  ): Application {
    const subscription = parseClientUrl(request.url ?? "/", this.#options);
    this.#checkOrigin(request, origin, !needsToken && isLoopback(address));
    const token = needsToken ? tokenOf(request) : undefined;
    this.#checkRoom(address);
    return { subscription, token };
  }

  /** @param provesNothing as in `RequestedHost` */
  #checkOrigin(request: IncomingMessage, origin: string | undefined, provesNothing: boolean): void {
    const host = this.#hostOf(request);
    const denial = originDenial(origin, { host, provesNothing }, this.#origins);
    if (denial === undefined) return;
    const shown = {
      origin: origin?.slice(0, MAX_SHOWN_CHARACTERS) ?? "",
      host: host?.slice(0, MAX_SHOWN_CHARACTERS) ?? "",
    };
    throw new Refusal(403, sentence(`admission.origin-${denial}`, shown));
  }

  /** The host that the client asked for, also when a trusted proxy asks for another. */
  #hostOf({ socket, headers }: IncomingMessage): string | undefined {
    const forwarded = headers["x-forwarded-host"];
    if (typeof forwarded !== "string" || !this.#proxies.includes(socket.remoteAddress ?? "")) return headers.host;
    return forwarded.split(",", 1)[0]?.trim();
  }

  #checkRoom(address: string): void {
    const { maxClients, maxClientsPerAddress } = this.#options;
    if (maxClients > 0 && this.#clients >= maxClients) {
      throw new Refusal(503, sentence("admission.full", { max: maxClients }));
    }
    if (maxClientsPerAddress > 0 && (this.#inside.get(addressBlock(address)) ?? 0) >= maxClientsPerAddress) {
      throw new Refusal(429, sentence("admission.too-many-clients", { max: maxClientsPerAddress }));
    }
  }
}

function tokenOf(request: IncomingMessage): string | undefined {
  try {
    return credentialOf(request).token;
  } catch (error) {
    if (error instanceof CredentialError) throw new Refusal(error.status, error.sentence);
    throw error;
  }
}
