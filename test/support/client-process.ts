import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";

const CLIENT = `
const WebSocket = require(process.argv[1]);
const socket = new WebSocket(process.argv[2]);
socket.on("open", () => process.send("open"));
socket.on("close", () => process.exit());
`;

/** A WebSocket client in a process of its own, that can be stopped in its tracks. */
export async function startClientProcess(url: string): Promise<ChildProcess> {
  const ws = createRequire(__filename).resolve("ws");
  const child = spawn(process.execPath, ["-e", CLIENT, ws, url], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  await once(child, "message");
  return child;
}
