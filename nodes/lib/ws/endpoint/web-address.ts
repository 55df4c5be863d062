import { isAnyAddress } from "./bound-host";

/** Where the editor runs, as much of `window.location` as is needed. */
export interface EditorLocation {
  readonly protocol: string;
  readonly hostname: string;
  /** Host name and port. */
  readonly host: string;
}

/**
 * The address that clients of a server use, as far as the editor can tell.
 * @param server `port` empty: Node-RED's own web server, below `httpNodeRoot`; `host` that a server of its own binds, empty
 *   for all addresses
 */
export function webSocketAddress(
  server: { readonly path: string; readonly port: string; readonly host: string; readonly isTls?: boolean },
  httpNodeRoot: string,
  location: EditorLocation,
): string {
  const { path, port, host, isTls = false } = server;
  const relative = path.replace(/^\/+/, "");
  if (port === "") {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    return `${scheme}://${location.host}${httpNodeRoot.replace(/\/+$/, "")}/${relative}`;
  }
  const name = isAnyAddress(host) ? location.hostname : host.includes(":") ? `[${host}]` : host;
  return `${isTls ? "wss" : "ws"}://${name}:${port}/${relative}`;
}
