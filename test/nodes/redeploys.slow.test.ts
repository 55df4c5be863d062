import assert from "node:assert/strict";
import { until } from "../support/until";
import { WsClient } from "../support/ws-client";
import { out, server, WsFlow } from "../support/ws-flow";

describe("ws-broadcast-server on redeploys", () => {
  let flow: WsFlow;
  afterEach(async () => {
    await flow.stop();
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

  it("leaves no process behind after 100 redeploys with sender processes", async function () {
    this.timeout(120_000);
    const nodes = (name: string) => [{ ...server("server"), name, senders: "2" }, out("out", { server: "server" })];
    const processes = () => process.getActiveResourcesInfo().filter((name) => name === "ProcessWrap").length;
    const before = processes();
    flow = await WsFlow.start(nodes("first"));
    for (let n = 0; n < 100; n++) await flow.deploy(nodes(`${n}`));
    assert.equal(processes(), before + 2);
    await flow.server("server").broadcast?.senders?.ready();
    const client = await WsClient.connect(flow.url());
    flow.node("out").receive({ payload: "from another process" });
    assert.equal(await client.next(), "from another process");
    await flow.deploy([]);
    assert.equal((await client.closed).code, 1012);
    assert.equal(processes(), before);
  });
});
