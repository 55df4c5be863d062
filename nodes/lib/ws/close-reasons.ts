/** Why the server ends a WebSocket. Codes below 4000 are of RFC 6455, the others our own. */
export interface CloseReason {
  readonly code: number;
  /** At most 123 bytes of UTF-8. */
  readonly reason: string;
}

/** A redeploy or shutdown: come back. */
export const SERVICE_RESTART: CloseReason = { code: 1012, reason: "service restart" };
/** A client only listens. */
export const DATA_NOT_ACCEPTED: CloseReason = { code: 1008, reason: "this endpoint only sends" };
/** A `stream` client fell out of the log and the server disconnects such clients. */
export const TOO_SLOW: CloseReason = { code: 4008, reason: "too slow" };
/** The token was removed, changed or has expired. */
export const TOKEN_NO_LONGER_VALID: CloseReason = { code: 4001, reason: "token no longer valid" };
/** `msg.command = "disconnect"`. */
export const DISCONNECTED_BY_FLOW: CloseReason = { code: 1000, reason: "disconnected by the flow" };
