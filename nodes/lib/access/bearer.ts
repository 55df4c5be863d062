/** Longest token that is looked at, listed or presented. Below what Node.js takes as the headers of one request. */
export const MAX_TOKEN_BYTES = 8192;
const PROTOCOL = "sensorcast";
const PROTOCOL_PREFIX = "bearer.";
/** Of any listed or JSON Web Token. */
const TOKEN = /^[!-~]+$/;

/** What of an upgrade request may carry a token. `rawHeaders`: names and values in turn, as in `IncomingMessage`. */
export interface PresentingRequest {
  readonly url?: string | undefined;
  /** Not `headers`, which hold only the first of two `Authorization` headers. */
  readonly rawHeaders: readonly string[];
}

export interface Credential {
  readonly token: string | undefined;
  /** To be accepted in the answer; a browser gives up when it offered some and none is. */
  readonly protocol: typeof PROTOCOL | undefined;
}

/** The request is to be refused with 400. The message is a sentence for whoever wrote the client and holds no token. */
export class CredentialError extends Error {
  readonly code = "CREDENTIAL_INVALID";
  readonly status = 400;

  constructor(message: string) {
    super(message);
    this.name = "CredentialError";
  }
}

/**
 * The token of a client, from `Authorization: Bearer TOKEN`, `?token=TOKEN` or
 * `Sec-WebSocket-Protocol: sensorcast, bearer.TOKEN`. Other schemes of authorization are a proxy's business and ignored.
 * @throws {CredentialError} for a token that is empty, too long or malformed, and for different ones
 */
export function credentialOf({ url = "/", rawHeaders }: PresentingRequest): Credential {
  let presented = fromUrl(url);
  const present = (token: string, where: string): void => {
    checkToken(token, where);
    if (presented !== undefined && presented !== token) {
      throw new CredentialError("the request carries different tokens: send one only");
    }
    presented = token;
  };

  let offersProtocol = false;
  let offersToken = false;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase();
    const value = rawHeaders[index + 1] ?? "";
    if (name === "authorization") {
      const bearer = /^bearer(?: +(.*))?$/i.exec(value.trim());
      if (bearer !== null) present(bearer[1] ?? "", "Authorization");
    } else if (name === "sec-websocket-protocol") {
      for (const offered of value.split(",")) {
        const protocol = offered.trim();
        if (protocol === PROTOCOL) offersProtocol = true;
        if (!protocol.startsWith(PROTOCOL_PREFIX)) continue;
        offersToken = true;
        present(protocol.slice(PROTOCOL_PREFIX.length), "Sec-WebSocket-Protocol");
      }
    }
  }
  if (offersToken && !offersProtocol) {
    throw new CredentialError(`a token in Sec-WebSocket-Protocol needs the protocol "${PROTOCOL}" beside it`);
  }
  return { token: presented, protocol: offersProtocol ? PROTOCOL : undefined };
}

function checkToken(token: string, where: string): void {
  if (token === "") throw new CredentialError(`the token in ${where} is empty`);
  if (token.length > MAX_TOKEN_BYTES) {
    throw new CredentialError(`the token in ${where} is longer than ${MAX_TOKEN_BYTES} bytes`);
  }
  if (!TOKEN.test(token)) {
    throw new CredentialError(`the token in ${where} may have printable ASCII characters only, and no spaces`);
  }
}

function fromUrl(url: string): string | undefined {
  let found: string | undefined;
  const start = url.indexOf("?");
  if (start === -1) return undefined;
  for (const parameter of url.slice(start + 1).split("&")) {
    const [name = "", ...rest] = parameter.split("=");
    if (decode(name) !== "token") continue;
    if (found !== undefined) throw new CredentialError("token may be given only once in the URL");
    // A `+` is itself, not a space: no token has spaces, and many have a `+`.
    found = decode(rest.join("="));
    if (found === undefined) throw new CredentialError("the token in the URL has a malformed percent-encoding");
    checkToken(found, "the URL");
  }
  return found;
}

function decode(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
