/** How a client shows a token, ready to be copied. Source: RFC 6750; the subprotocol, since a browser can set no header. */
export interface TokenSnippets {
  readonly page: string;
  readonly url: string;
  readonly header: string;
}

/** @param url of the endpoint @param token as it was entered */
export function tokenSnippets(url: string, token: string): TokenSnippets {
  return {
    page: `new WebSocket(${JSON.stringify(url)}, ["sensorcast", ${JSON.stringify(`bearer.${token}`)}])`,
    url: `${url}?token=${encodeURIComponent(token)}`,
    header: `Authorization: Bearer ${token}`,
  };
}
