import { execFile } from "node:child_process";
import { promisify } from "node:util";

const SEND_TIMEOUT_MS = 10_000;
const SEND = `const [port, text] = process.argv.slice(1);
const socket = require("node:dgram").createSocket("udp4");
socket.send(text, Number(port), "127.0.0.1", () => socket.close());`;

/** Sends one datagram to a port of the loopback interface from a process of its own, as a sensor does. Resolves once it has ended. */
export async function sendFromAnotherProcess(port: number, reading: unknown): Promise<void> {
  await promisify(execFile)(process.execPath, ["-e", SEND, String(port), JSON.stringify(reading)], {
    timeout: SEND_TIMEOUT_MS,
  });
}
