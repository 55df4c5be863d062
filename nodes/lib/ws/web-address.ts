/** Where the editor runs, as much of `window.location` as is needed. */
export interface EditorLocation {
  readonly protocol: string;
  readonly hostname: string;
  /** Host name and port. */
  readonly host: string;
}

/**
 * The address that clients of a server use, as far as the editor can tell.
 * @param port empty: Node-RED's own web server, below `httpNodeRoot`
 * @param host that a server of its own binds; empty: all addresses
 */
export function webSocketAddress(
  { path, port, host }: { readonly path: string; readonly port: string; readonly host: string },
  httpNodeRoot: string,
  location: EditorLocation,
): string {
  const relative = path.replace(/^\/+/, "");
  if (port === "") {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    return `${scheme}://${location.host}${httpNodeRoot.replace(/\/+$/, "")}/${relative}`;
  }
  const isAnyAddress = host === "" || host === "0.0.0.0" || host === "::";
  const name = isAnyAddress ? location.hostname : host.includes(":") ? `[${host}]` : host;
  return `ws://${name}:${port}/${relative}`;
}
