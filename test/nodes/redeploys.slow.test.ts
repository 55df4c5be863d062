import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { descendantsOf, handlesOf } from "../support/process-usage";
import { rawSocket, upgradeRequest } from "../support/raw-http";
import { until } from "../support/until";
import { WsClient } from "../support/ws-client";
import { out, server, WsFlow } from "../support/ws-flow";

/** What a client that is refused with 503 is told to wait. */
const RETRY_AFTER_MS = 1000;

describe("ws-broadcast-server on redeploys", () => {
  const { TMPDIR } = process.env;
  let flow: WsFlow;
  let temporary: string;

  // A directory of its own, since other tests may run beside, and leave and remove files as well.
  beforeEach(() => {
    temporary = mkdtempSync(join(tmpdir(), "redeploys-test-"));
    process.env.TMPDIR = temporary;
  });
  afterEach(async () => {
    await flow.stop();
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    rmSync(temporary, { recursive: true });
  });

  it("leaves nothing behind after 100 redeploys with 50 clients that reconnect", async function () {
    this.timeout(60_000);
    const nodes = (name: string) => [{ ...server("server"), name }, out("out", { server: "server" })];
    flow = await WsFlow.start(nodes("first"));
    const resources = () => {
      const names = process.getActiveResourcesInfo();
      return ["TCPSocketWrap", "TCPServerWrap", "Timeout"].map((kind) => names.filter((name) => name === kind).length);
    };
    const before = { listeners: flow.http.listenerCount("upgrade"), resources: resources() };
    const connectAll = async () => await Promise.all(Array.from({ length: 50 }, () => WsClient.connect(flow.url())));
    let clients = await connectAll();
    for (let n = 0; n < 100; n++) {
      await flow.deploy(nodes(`${n}`));
      for (const client of clients) assert.equal((await client.closed).code, 1012);
      clients = await connectAll();
      assert.equal(flow.http.listenerCount("upgrade"), before.listeners);
    }
    flow.node("out").receive({ payload: "still here" });
    for (const client of clients) assert.equal(await client.next(), "still here");
    await Promise.all(clients.map((client) => client.close()));
    // Node-RED keeps a timer of five seconds for every upgrade.
    const settled = () => resources().every((count, kind) => count <= (before.resources[kind] ?? 0) + 1);
    await until(settled, "sockets or timers were left behind", 10_000);
    assert.equal(flow.http.listenerCount("upgrade"), before.listeners);
  });

  it("leaves no process, thread, file, socket, timer or temporary file behind after 100 redeploys with sender processes", async function () {
    this.timeout(300_000);
    const nodes = (name: string) => [{ ...server("server"), name, senders: "2" }, out("out", { server: "server" })];
    // Once, for what is only made with the first one, such as the file that senders run in tests.
    flow = await WsFlow.start(nodes("first"));
    await flow.deploy([]);
    const before = remains();
    for (let n = 0; n < 100; n++) {
      await flow.deploy(nodes(`${n}`));
      assert.equal(descendantsOf(process.pid).length, before.processes + 2);
      const clients = await Promise.all(Array.from({ length: 10 }, () => admitted(flow.url())));
      flow.node("out").receive({ payload: n });
      for (const client of clients) assert.equal(await client.next(), String(n));
      // In the middle of handing over some more.
      const late = await Promise.all(Array.from({ length: 5 }, () => rawSocket(flow.port)));
      for (const socket of late) socket.write(upgradeRequest({ port: flow.port }));
      await flow.deploy([]);
      for (const client of clients) assert.equal((await client.closed).code, 1012);
      for (const socket of late) socket.destroy();
    }
    const excess = () => Object.entries(remains()).filter(([what, count]) => count > before[what as keyof Remains]);
    await until(() => excess().length === 0, "it left something behind", 15_000).catch(() =>
      assert.deepEqual(excess(), []),
    );
  });
});

/** On a busy computer a sender may not have taken a client within half a second: then it is asked to come back, and does. */
async function admitted(url: string): Promise<WsClient> {
  for (;;) {
    try {
      return await WsClient.connect(url);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.endsWith("response: 503")) throw error;
      await delay(RETRY_AFTER_MS);
    }
  }
}

type Remains = ReturnType<typeof remains>;

/** What this process has of everything that could be left behind. */
function remains() {
  const names = process.getActiveResourcesInfo();
  const count = (kind: string): number => names.filter((name) => name === kind).length;
  return {
    processes: descendantsOf(process.pid).length,
    processHandles: count("ProcessWrap"),
    pipes: count("PipeWrap"),
    sockets: count("TCPSocketWrap"),
    servers: count("TCPServerWrap"),
    timers: count("Timeout"),
    files: handlesOf(process.pid)?.files ?? 0,
    threads: handlesOf(process.pid)?.threads ?? 0,
    temporary: readdirSync(tmpdir()).filter((name) => name.startsWith("sensorcast-")).length,
  };
}
