import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freeTcpPort } from "../support/free-port";
import { cpuMsOf } from "../support/process-usage";
import { acceptsConnections } from "../support/tcp";
import { until } from "../support/until";

/** Spreads TCP connections to one port over several. */
export interface Balancer {
  readonly port: number;
  stop(): Promise<void>;
  /** Processor time that it has taken, in ms; `undefined` for one that has no process of its own. */
  cpuMs(): number | undefined;
}

/**
 * In this process: each connection goes to the next port in turn, or to the one after that if nobody is there.
 * @param silenceMs after which a server that says nothing has lost its clients
 */
export async function startBalancer(ports: readonly number[], silenceMs = 0): Promise<Balancer> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
  };
  let turn = 0;
  const dial = (client: Socket, [port, ...others]: readonly number[]): void => {
    if (port === undefined) {
      client.destroy();
      return;
    }
    const server = connect(port, "127.0.0.1");
    const tryNext = (): void => dial(client, others);
    server.once("error", tryNext);
    server.once("connect", () => {
      server.off("error", tryNext);
      server.setTimeout(silenceMs, () => server.destroy());
      keep(server).on("close", () => client.destroy());
      client.on("close", () => server.destroy());
      client.pipe(server).pipe(client);
    });
  };
  const inTurn = (): readonly number[] => {
    const first = turn++ % ports.length;
    return [...ports.slice(first), ...ports.slice(0, first)];
  };
  const balancer = createServer((client) => dial(keep(client), inTurn())).listen(0, "127.0.0.1");
  await once(balancer, "listening");
  return {
    port: (balancer.address() as { port: number }).port,
    cpuMs: () => undefined,
    async stop() {
      balancer.close();
      for (const socket of sockets) socket.destroy();
      await once(balancer, "close");
    },
  };
}

/** HAProxy, in a process of its own, as the README has it. @param silence as `timeout server` */
export async function startHaproxy(ports: readonly number[], silence = SILENCE): Promise<Balancer> {
  const port = await freeTcpPort();
  const folder = await mkdtemp(join(tmpdir(), "sensorcast-haproxy-"));
  const file = join(folder, "haproxy.cfg");
  const servers = ports.map((edge, index) => `  server edge${index + 1} 127.0.0.1:${edge}`);
  const settings = HAPROXY.replace("bind :8080", `bind 127.0.0.1:${port}`).replace(SILENCE, silence);
  await writeFile(file, `${settings}${servers.join("\n")}\n`);
  const child: ChildProcess = spawn("haproxy", ["-db", "-f", file], { stdio: ["ignore", "ignore", "ignore"] });
  process.once("exit", () => child.kill("SIGKILL"));
  await until(() => acceptsConnections(port), "HAProxy does not accept connections");
  return {
    port,
    cpuMs: () => cpuMsOf(child.pid),
    async stop() {
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A little more than two heartbeats: an edge that has not even sent pings for so long is gone, with nobody to say so. */
const SILENCE = "65s";

/**
 * The checks find an edge that is gone before most of its clients are back. One that is faster is tried at another edge after
 * `timeout connect`: with `leastconn`, HAProxy waits so long before it tries again, a second at most. No `on-marked-down
 * shutdown-sessions`: it would end those, too, that are just about to be tried elsewhere.
 */
const HAPROXY = `defaults
  mode tcp
  timeout connect 500ms
  timeout client 1h
  timeout server ${SILENCE}
  option redispatch 1
  retries 3
frontend clients
  bind :8080
  default_backend edges
backend edges
  balance leastconn
  default-server check inter 500ms fastinter 100ms fall 2 rise 1
`;
