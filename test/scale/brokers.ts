import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freeTcpPort } from "../support/free-port";
import { cpuMsOf } from "../support/process-usage";
import { acceptsConnections } from "../support/tcp";
import { until } from "../support/until";

/** An MQTT broker on the loopback interface. */
export interface Broker {
  readonly port: number;
  /** It goes, with all connections. What it has promised to keep it keeps. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
  /** Processor time that it has taken, in ms; `undefined` for one that has no process of its own. */
  cpuMs(): number | undefined;
}

/** Aedes, in this process. Its sessions and retained messages stay while it is down. */
export async function startAedes(): Promise<Broker> {
  const { Aedes } = await import("aedes");
  const aedes = await Aedes.createBroker();
  const port = await freeTcpPort();
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  const up = async (): Promise<void> => {
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      aedes.handle(socket);
    }).listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  const down = async (): Promise<void> => {
    const closing = server;
    server = undefined;
    if (closing === undefined) return;
    const closed = once(closing, "close");
    closing.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await up();
  const stop = async (): Promise<void> => {
    await down();
    await new Promise<void>((resolve) => aedes.close(resolve));
  };
  return { port, up, down, stop, cpuMs: () => undefined };
}

/** Mosquitto, in a process of its own, that saves what it has promised to keep when it is told to end. */
export async function startMosquitto(): Promise<Broker> {
  const port = await freeTcpPort();
  const folder = await mkdtemp(join(tmpdir(), "sensorcast-mosquitto-"));
  const file = join(folder, "mosquitto.conf");
  const settings = [
    `listener ${port} 127.0.0.1`,
    "allow_anonymous true",
    "persistence true",
    `persistence_location ${folder}/`,
    "max_queued_messages 0",
    "log_type error",
    `user ${process.env.USER ?? "root"}`,
  ];
  await writeFile(file, `${settings.join("\n")}\n`);
  let child: ChildProcess | undefined;
  process.once("exit", () => child?.kill("SIGKILL"));
  const up = async (): Promise<void> => {
    child = spawn("mosquitto", ["-c", file], { stdio: ["ignore", "inherit", "ignore"] });
    await until(() => acceptsConnections(port), "Mosquitto does not accept connections");
  };
  const down = async (): Promise<void> => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null) return;
    const exited = once(ending, "exit");
    ending.kill("SIGTERM");
    await exited;
  };
  await up();
  const stop = async (): Promise<void> => {
    await down();
    await rm(folder, { recursive: true, force: true });
  };
  return { port, up, down, stop, cpuMs: () => cpuMsOf(child?.pid) };
}
