import { WebSocketServer } from "ws";

/** A client only listens, so what it may send is small. */
const RECEIVE_LIMITS = { maxPayload: 1024, maxFragments: 16, maxBufferedChunks: 64 };
/** How long a client may take to answer a close frame before it is cut off. */
const CLOSE_TIMEOUT_MS = 1000;
const SUBPROTOCOL = "sensorcast";

/** Does the handshakes of one server. Emits `wsClientError` for those that it will not complete. */
export function createHandshake(): WebSocketServer {
  // Not a literal at the call: its types do not know `closeTimeout` yet.
  const options = {
    ...RECEIVE_LIMITS,
    noServer: true,
    clientTracking: false,
    autoPong: false,
    perMessageDeflate: false,
    closeTimeout: CLOSE_TIMEOUT_MS,
    handleProtocols: chooseProtocol,
  };
  return new WebSocketServer(options);
}

/** A protocol that is offered must be accepted, or a browser gives up; but a token offered as one is not repeated. */
function chooseProtocol(offered: Set<string>): string | false {
  if (offered.has(SUBPROTOCOL)) return SUBPROTOCOL;
  for (const protocol of offered) if (!protocol.startsWith("bearer.")) return protocol;
  return false;
}
