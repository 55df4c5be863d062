/** The subprotocol of this package. A client may offer it, and one that offers a token as a subprotocol has to. */
export const SUBPROTOCOL = "sensorcast";

const BEARER_PREFIX = "bearer.";

/** @returns the token that is offered as a subprotocol, the one way for a page besides the URL; `undefined` for any other */
export function tokenOffered(subprotocol: string): string | undefined {
  return subprotocol.startsWith(BEARER_PREFIX) ? subprotocol.slice(BEARER_PREFIX.length) : undefined;
}
