import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Of a good upgrade request, besides `Host`. */
export const UPGRADE_HEADERS: Readonly<Record<string, string>> = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
};

export interface UpgradeRequest {
  readonly port: number;
  readonly path?: string;
  readonly method?: string;
  readonly host?: string;
  /** Overrides and additions; an empty value removes the header. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The bytes of an upgrade request. */
export function upgradeRequest({ port, path = "/ws", method = "GET", host, headers = {} }: UpgradeRequest): string {
  const all = { Host: host ?? `127.0.0.1:${port}`, ...UPGRADE_HEADERS, ...headers };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === "" ? [] : [`${name}: ${value}\r\n`]));
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

/** A TCP socket whose errors are of no interest. */
export async function rawSocket(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

export interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Sends an upgrade request on a raw socket and reads the answer until the server hangs up. */
export async function askUpgrade(request: UpgradeRequest): Promise<Answer> {
  const socket = await rawSocket(request.port);
  socket.write(upgradeRequest(request));
  let text = "";
  for await (const chunk of socket) text += chunk;
  const [head = "", body = ""] = text.split("\r\n\r\n", 2);
  const [statusLine = "", ...lines] = head.split("\r\n");
  const headers = lines.map((line) => line.split(": ", 2) as [string, string]);
  return {
    status: Number(statusLine.split(" ")[1]),
    headers: new Map(headers.map(([name, value]) => [name.toLowerCase(), value])),
    body,
  };
}
