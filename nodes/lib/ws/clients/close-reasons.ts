/** Why the server ends a WebSocket. Codes below 4000 are of RFC 6455, the others our own. */
export interface CloseReason {
  readonly code: number;
  /** At most 123 bytes of UTF-8. */
  readonly reason: string;
}

/** One that clients know. */
export interface KnownCloseReason extends CloseReason {
  /** Whether to connect again. */
  readonly reconnect: boolean;
}

/** A redeploy or shutdown: come back. */
export const SERVICE_RESTART: KnownCloseReason = { code: 1012, reason: "service restart", reconnect: true };
/** A client only listens: it sent binary data, or more than a keepalive takes. */
export const DATA_NOT_ACCEPTED: KnownCloseReason = { code: 1008, reason: "this endpoint only sends", reconnect: false };
/** A `stream` client fell out of the log and the server disconnects such clients; or stalled ones hold too much memory. */
export const TOO_SLOW: KnownCloseReason = { code: 4008, reason: "too slow", reconnect: true };
/** The token was removed, changed or has expired. */
export const TOKEN_NO_LONGER_VALID: KnownCloseReason = {
  code: 4001,
  reason: "token no longer valid",
  reconnect: false,
};
/** `msg.command = "disconnect"`. */
export const DISCONNECTED_BY_FLOW: KnownCloseReason = {
  code: 1000,
  reason: "disconnected by the flow",
  reconnect: false,
};
/** An error of our own while the client was served. */
export const INTERNAL_ERROR: KnownCloseReason = { code: 1011, reason: "internal error", reconnect: true };

/** All of them, for clients. */
export const CLOSE_REASONS: readonly KnownCloseReason[] = [
  SERVICE_RESTART,
  DATA_NOT_ACCEPTED,
  TOO_SLOW,
  TOKEN_NO_LONGER_VALID,
  DISCONNECTED_BY_FLOW,
  INTERNAL_ERROR,
];
/** A person pressed the button in the editor. */
export const DISCONNECTED_BY_USER: CloseReason = { code: 1000, reason: "disconnected by the operator" };
