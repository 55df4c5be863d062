import type { IncomingMessage } from "node:http";
import { type VerifyClientCallbackAsync, WebSocketServer } from "ws";
import { SUBPROTOCOL, tokenOffered } from "../../access/subprotocol";
import { sentence } from "../../text/sentence";
import { acceptableOffer, DEFLATE } from "./deflate-offer";
import { Refusal } from "./refusal";

const WEBSOCKET_VERSION = "13";
/** Base64 of 16 bytes. */
const KEY = /^[+/0-9A-Za-z]{22}==$/;

/** A client only listens, so what it may send is small. */
const RECEIVE_LIMITS = { maxPayload: 1024, maxFragments: 16, maxBufferedChunks: 64 };
/** How long a client may take to answer a close frame before it is cut off. */
const CLOSE_TIMEOUT_MS = 1000;

/** Has a handshake that is in order completed by calling `goOn`, now or later; or by somebody else. */
export type CheckedHandshake = (request: IncomingMessage, goOn: () => void) => void;

/**
 * Does the handshakes of one server. Emits `wsClientError` for those that it will not complete.
 * @param checked default: all that are in order are completed
 */
export function createHandshake(checked?: CheckedHandshake): WebSocketServer {
  // Not a literal at the call: its types do not know `closeTimeout` yet.
  const options = {
    ...RECEIVE_LIMITS,
    noServer: true,
    clientTracking: false,
    autoPong: false,
    perMessageDeflate: DEFLATE,
    closeTimeout: CLOSE_TIMEOUT_MS,
    handleProtocols: chooseProtocol,
    ...(checked && { verifyClient: verifier(checked) }),
  };
  return new WebSocketServer(options);
}

/**
 * Leaves of the extensions that a client offers what is accepted of them, if anything: `ws` accepts all that it is shown.
 * @param compress whether permessage-deflate is to be, on terms that a shared stream can keep
 */
export function limitExtensions({ headers }: IncomingMessage, compress: boolean): void {
  const offered = headers["sec-websocket-extensions"];
  headers["sec-websocket-extensions"] = compress ? acceptableOffer(offered) : undefined;
}

/** What the answer to a checked request depends on. */
export function handshakeHeaders({ headers }: IncomingMessage): Record<string, string | undefined> {
  return {
    upgrade: headers.upgrade,
    "sec-websocket-key": headers["sec-websocket-key"],
    "sec-websocket-version": headers["sec-websocket-version"],
    "sec-websocket-protocol": headers["sec-websocket-protocol"],
    "sec-websocket-extensions": headers["sec-websocket-extensions"],
  };
}

function verifier(checked: CheckedHandshake): VerifyClientCallbackAsync {
  return ({ req }, answer) => checked(req, () => answer(true));
}

/** A protocol that is offered must be accepted, or a browser gives up; but a token offered as one is not repeated. */
function chooseProtocol(offered: Set<string>): string | false {
  if (offered.has(SUBPROTOCOL)) return SUBPROTOCOL;
  for (const protocol of offered) if (tokenOffered(protocol) === undefined) return protocol;
  return false;
}

/**
 * What RFC 6455, section 4.2.1, asks of an upgrade request.
 * @throws {Refusal} 400, 405, 426
 */
export function checkHandshake({ method, headers }: IncomingMessage): void {
  if (method !== "GET")
    throw new Refusal(405, sentence("admission.method", { method: String(method) }), { headers: { Allow: "GET" } });
  if (headers.upgrade?.toLowerCase() !== "websocket") {
    throw new Refusal(426, sentence("admission.only-websocket"), { headers: { Upgrade: "websocket" } });
  }
  if (headers["sec-websocket-version"] !== WEBSOCKET_VERSION) {
    throw new Refusal(426, sentence("admission.version", { version: WEBSOCKET_VERSION }), {
      headers: { "Sec-WebSocket-Version": WEBSOCKET_VERSION },
    });
  }
  if (!KEY.test(headers["sec-websocket-key"] ?? "")) {
    throw new Refusal(400, sentence("admission.key"));
  }
}
