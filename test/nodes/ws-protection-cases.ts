import assert from "node:assert/strict";
import { freeTcpPort } from "../support/free-port";
import { askUpgrade } from "../support/raw-http";
import { until } from "../support/until";
import { WsClient } from "../support/ws-client";
import { out, type ServerChanges, WsFlow } from "../support/ws-flow";
import { serverSuite } from "./server-suite";

const bcrypt = require("bcryptjs") as { hashSync(password: string, rounds: number): string };
const AUTH = { httpNodeAuth: { user: "user", pass: bcrypt.hashSync("secret", 4) } };
const AUTHORIZED = { Authorization: `Basic ${Buffer.from("user:secret").toString("base64")}` };
const TOKENS = [{ name: "display", token: "display-token-0123456789", topics: ["#"] }];

export const describeProtection = serverSuite("protection of Node-RED's web server", (server) => {
  let flow: WsFlow;
  afterEach(() => flow.stop());

  it("by httpNodeAuth is that of our server there too, and counted", async () => {
    flow = await WsFlow.start([server("server"), out("out", { server: "server" })], AUTH);
    const answer = await askUpgrade({ port: flow.port });
    assert.equal(answer.status, 401);
    assert.match(answer.headers.get("www-authenticate") ?? "", /^Basic/);
    assert.deepEqual(flow.server("server").broadcast?.counts().refused, { 401: 1 });
    const client = await WsClient.connect(flow.url(), { headers: AUTHORIZED });
    flow.node("out").receive({ payload: "hello" });
    assert.equal(await client.next(), "hello");
  });

  it("by webSocketNodeVerifyClient is that of our server there too", async () => {
    const webSocketNodeVerifyClient = ({ req }: { req: { url: string } }) => req.url.includes("yes");
    flow = await WsFlow.start([server("server")], { webSocketNodeVerifyClient });
    assert.equal((await askUpgrade({ port: flow.port })).status, 401);
    await WsClient.connect(`${flow.url()}?_=yes`);
  });

  it("does not concern a port of its own", async () => {
    const port = await freeTcpPort();
    flow = await WsFlow.start([server("server", { port: String(port) })], AUTH);
    await until(() => flow.server("server").broadcast?.unreachableReason === undefined, "the port is not open");
    await until(
      async () => (await WsClient.connect(`ws://127.0.0.1:${port}/ws`).catch(() => undefined)) !== undefined,
      "refused",
    );
  });

  it("is needed besides a token", async () => {
    flow = await WsFlow.start([], AUTH);
    await flow.deploy([server("server", {}, { tokens: TOKENS })]);
    const query = `?token=${TOKENS[0]?.token}`;
    assert.equal((await askUpgrade({ port: flow.port, path: `/ws${query}` })).status, 401);
    assert.equal((await askUpgrade({ port: flow.port, headers: AUTHORIZED })).status, 401);
    await WsClient.connect(`${flow.url()}${query}`, { headers: AUTHORIZED });
  });

  const exposures: readonly [what: string, settings: object, changes: ServerChanges, says: RegExp | undefined][] = [
    [
      "any address",
      {},
      {},
      /path \/ws of Node-RED's web server is open on all addresses.*everybody who can reach it can read/,
    ],
    ["an address of the network", { uiHost: "192.0.2.1" }, {}, /is open on 192\.0\.2\.1/],
    ["this machine alone", { uiHost: "127.0.0.1" }, {}, undefined],
    ["listed clients", {}, { allow: "10.0.0.0/8" }, /everybody at 10\.0\.0\.0\/8/],
    ["who has the password", AUTH, {}, undefined],
  ];
  for (const [what, settings, changes, says] of exposures) {
    it(`${says === undefined ? "needs no warning" : "is warned of"} where it is open to ${what}`, async () => {
      flow = await WsFlow.start([server("server", changes)], settings);
      const warnings = flow.warningsOf("server").join();
      if (says === undefined) assert.equal(warnings, "");
      else assert.match(warnings, says);
    });
  }

  it("by tokens is said to be forgotten with them when nothing in the flow says that they are needed", async () => {
    flow = await WsFlow.start([]);
    await flow.deploy([server("server", {}, { tokens: TOKENS })]);
    const said = () => flow.warningsOf("server").filter((warning) => warning.includes("requireToken is off")).length;
    assert.equal(said(), 1);
    await flow.deploy([server("server", { requireToken: true }, { tokens: TOKENS })]);
    assert.equal(said(), 1);
    await flow.deploy([server("server", { requireToken: true }, { tokens: "" })]);
    assert.match(flow.server("server").problem?.message ?? "", /none is listed.*lost/);
  });
});
