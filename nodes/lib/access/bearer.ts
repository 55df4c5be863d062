import { decodeQuery, queryParameters } from "../net/query";
import { type Sentence, sentence } from "../text/sentence";
import { CredentialError } from "./errors";
import { SUBPROTOCOL, tokenOffered } from "./subprotocol";

/** Longest token that is looked at, listed or presented. Below what Node.js takes as the headers of one request. */
export const MAX_TOKEN_BYTES = 8192;
/** Of any listed or JSON Web Token: what can be sent in a header and a URL at all. */
export const TOKEN_CHARACTERS = /^[!-~]+$/;

/** What of an upgrade request may carry a token. `rawHeaders`: names and values in turn, as in `IncomingMessage`. */
export interface PresentingRequest {
  readonly url?: string | undefined;
  /** Not `headers`, which hold only the first of two `Authorization` headers. */
  readonly rawHeaders: readonly string[];
}

export interface Credential {
  readonly token: string | undefined;
  /** To be accepted in the answer; a browser gives up when it offered some and none is. */
  readonly protocol: typeof SUBPROTOCOL | undefined;
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
      throw new CredentialError(sentence("access.credential-differs"));
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
        if (protocol === SUBPROTOCOL) offersProtocol = true;
        const token = tokenOffered(protocol);
        if (token === undefined) continue;
        offersToken = true;
        present(token, "Sec-WebSocket-Protocol");
      }
    }
  }
  if (offersToken && !offersProtocol) {
    throw new CredentialError(sentence("access.credential-protocol", { protocol: SUBPROTOCOL }));
  }
  return { token: presented, protocol: offersProtocol ? SUBPROTOCOL : undefined };
}

function checkToken(token: string, where: string | Sentence): void {
  if (token === "") throw new CredentialError(sentence("access.credential-empty", { where }));
  if (token.length > MAX_TOKEN_BYTES) {
    throw new CredentialError(sentence("access.credential-too-long", { where, max: MAX_TOKEN_BYTES }));
  }
  if (!TOKEN_CHARACTERS.test(token)) throw new CredentialError(sentence("access.credential-characters", { where }));
}

function fromUrl(url: string): string | undefined {
  let found: string | undefined;
  for (const { name, encoded } of queryParameters(url)) {
    if (name !== "token") continue;
    if (found !== undefined) throw new CredentialError(sentence("access.credential-repeated"));
    // No token has spaces, and many have a `+`.
    found = decodeQuery(encoded, "itself");
    if (found === undefined) throw new CredentialError(sentence("access.credential-encoding"));
    checkToken(found, sentence("access.credential-url"));
  }
  return found;
}
