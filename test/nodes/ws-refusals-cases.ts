import assert from "node:assert/strict";
import type { FlowNode } from "../support/flow";
import { freeTcpPort } from "../support/free-port";
import { askUpgrade, rawSocket, upgradeRequest } from "../support/raw-http";
import { until } from "../support/until";
import { WsClient } from "../support/ws-client";
import { out, WsFlow } from "../support/ws-flow";
import { serverSuite } from "./server-suite";

const listener = (id: string, path: string): FlowNode => ({ id, type: "websocket-listener", path, wholemsg: "false" });

export const describeRefusals = serverSuite("ws-broadcast-server tells", (server) => {
  let flow: WsFlow;
  afterEach(() => flow.stop());

  it("in the log who was refused, why, and what would allow it, and counts them", async () => {
    flow = await WsFlow.start([server("server")]);
    const Origin = "https://page.example";
    for (let n = 0; n < 3; n++) await askUpgrade({ port: flow.port, headers: { Origin } });
    await askUpgrade({ port: flow.port, path: "/ws?SECRET" });
    const warnings = flow.warningsOf("server").filter((line) => line.includes("was refused"));
    assert.equal(warnings.length, 2);
    assert.match(warnings[0] ?? "", /^127\.0\.0\.1 was refused \(403\): pages of https:\/\/page\.example may not/);
    assert.doesNotMatch(warnings.join(), /SECRET/);
    assert.equal(flow.server("server").broadcast?.refusedCount, 4);
  });

  it("what a port of its own refused by itself", async () => {
    const port = await freeTcpPort();
    flow = await WsFlow.start([server("server", { port: String(port) })]);
    await until(() => flow.unreachableReason() === undefined, "the port is not open");
    await until(
      async () => (await askUpgrade({ port, path: "/other" }).catch(() => undefined))?.status === 404,
      "no answer",
    );
    assert.equal(flow.server("server").broadcast?.counts().refused[404], 1);
  });

  it("why it cannot start, to whoever uses it", async () => {
    flow = await WsFlow.start([server("server", { requireToken: true })]);
    assert.equal(flow.server("server").broadcast, undefined);
    assert.match(flow.server("server").problem?.message ?? "", /none is listed/);
  });

  it("that pages of any origin may connect", async () => {
    flow = await WsFlow.start([server("server", { origins: "*" })]);
    assert.match(flow.warningsOf("server").join(), /every page .* may connect/);
    await WsClient.connect(flow.url(), { origin: "https://anywhere.example" });
  });

  it("that a websocket-listener has come to its path, gives way to it, and returns when it is gone", async () => {
    const nodes = [server("server"), out("out", { server: "server" })];
    flow = await WsFlow.start(nodes);
    assert.equal(flow.unreachableReason(), undefined);
    await flow.deploy([...nodes, listener("late", "/ws")], "nodes");
    assert.match(flow.unreachableReason() ?? "", /\/ws is taken by the websocket-listener node "late"/);
    const { headers } = await answerOf(flow.port);
    assert.equal(headers.filter((line) => line.startsWith("HTTP/1.1 101")).length, 1);
    await flow.deploy(nodes, "nodes");
    assert.equal(flow.unreachableReason(), undefined);
    await WsClient.connect(flow.url());
  });

  it("that a websocket-listener has its path by an environment variable", async () => {
    process.env.SENSORCAST_TEST_PATH = "/ws";
    try {
      flow = await WsFlow.start([listener("core", "${SENSORCAST_TEST_PATH}"), server("server")]);
      assert.match(flow.unreachableReason() ?? "", /websocket-listener node "core"/);
      const { headers } = await answerOf(flow.port);
      assert.equal(headers.filter((line) => line.startsWith("HTTP/1.1 101")).length, 1);
    } finally {
      delete process.env.SENSORCAST_TEST_PATH;
    }
  });
});

/** All lines that are sent in answer to an upgrade, until the connection is closed by a frame that the server cannot take. */
async function answerOf(port: number): Promise<{ headers: string[] }> {
  const socket = await rawSocket(port);
  socket.write(upgradeRequest({ port }));
  // An unmasked frame, right after the request: whoever took the upgrade ends the connection.
  socket.write(Buffer.from([0x81, 0x00]));
  let text = "";
  for await (const chunk of socket) text += chunk.toString("latin1");
  return { headers: text.split("\r\n") };
}
