import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connect as tlsConnect } from "node:tls";
import WebSocket from "ws";
import type { FlowNode } from "../support/flow";
import { freeTcpPort } from "../support/free-port";
import { askUpgrade } from "../support/raw-http";
import { until } from "../support/until";
import { WsClient } from "../support/ws-client";
import { out, type ServerChanges, type ServerCredentials, WsFlow } from "../support/ws-flow";
import { serverSuite } from "./server-suite";

const FIXTURES = join(__dirname, "../support/fixtures");
const PLANT = { name: "plant", token: "plant-token-0123456789", topics: ["plant/#"] };
const WEATHER = { name: "weather", token: "weather-token-0123456789", topics: ["weather/#"] };
const JWT_KEY = "a secret of at least thirty-two bytes";

function hs256(payload: object, header: object = { alg: "HS256" }, key = JWT_KEY): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
}

export const describeAccess = serverSuite("access to a ws-broadcast-server", (server) => {
  let flow: WsFlow;
  // First, so that its web server does not take a port that was free a moment ago.
  beforeEach(async () => {
    flow = await WsFlow.start([]);
  });
  afterEach(async () => {
    await flow.stop();
  });

  const nodes = (changes: ServerChanges, credentials?: ServerCredentials): FlowNode[] => [
    server("server", changes, credentials),
    out("out", { server: "server" }),
  ];
  const start = async (changes: ServerChanges, credentials?: ServerCredentials): Promise<void> => {
    await flow.deploy(nodes(changes, credentials));
  };
  const connect = (token: string): Promise<WsClient> =>
    WsClient.connect(flow.url(), { headers: { Authorization: `Bearer ${token}` } });
  const statusFor = async (token?: string): Promise<number> => {
    const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    return (await askUpgrade({ port: flow.port, headers })).status;
  };
  const send = (topic: string): void => flow.node("out").receive({ topic, payload: topic });

  const forms: readonly [form: string, tokens: unknown][] = [
    ["a list", [PLANT, WEATHER]],
    ["JSON text", JSON.stringify([PLANT, WEATHER])],
  ];
  for (const [form, tokens] of [
    ["a list", [{ ...PLANT, token: "${PLANT_TOKEN}" }]],
    ["JSON text", JSON.stringify([{ ...PLANT, token: "${PLANT_TOKEN}" }])],
  ] as const) {
    it(`takes tokens from environment variables in ${form}, and not the names of these`, async () => {
      process.env.PLANT_TOKEN = PLANT.token;
      await start({}, { tokens }).finally(() => delete process.env.PLANT_TOKEN);
      assert.equal(await statusFor("${PLANT_TOKEN}"), 401);
      const client = await connect(PLANT.token);
      await client.close();
    });
  }

  it("lets nobody in as long as the variable of a token is not set", async () => {
    await start({}, { tokens: [{ ...PLANT, token: "${PLANT_TOKEN}" }] });
    assert.notEqual(await statusFor("${PLANT_TOKEN}"), 101);
  });

  for (const [form, tokens] of forms) {
    it(`takes tokens from the credentials of a deploy as ${form}`, async () => {
      await start({}, { tokens });
      assert.equal(await statusFor(), 401);
      const [plant, weather] = [await connect(PLANT.token), await connect(WEATHER.token)];
      for (const topic of ["weather/wind", "plant/1"]) send(topic);
      assert.equal(await plant.next(), "plant/1");
      assert.equal(await weather.next(), "weather/wind");
    });
  }

  it("warns of a token that is easy to guess, by its name", async () => {
    await start({}, { tokens: [{ ...PLANT, token: "1234" }] });
    assert.match(flow.warningsOf("server").join(), /token "plant" is easy to guess/);
    assert.doesNotMatch(flow.warningsOf("server").join(), /1234/);
  });

  const invalid: readonly [what: string, changes: ServerChanges, credentials: object, says: RegExp][] = [
    ["tokens are not JSON", {}, { tokens: "secret-token" }, /tokens must be JSON/],
    ["a token has no topics", {}, { tokens: [{ name: "a", token: "secret-token" }] }, /at least one topic filter/],
    ["a token is needed but none is listed", { requireToken: true }, {}, /none is listed/],
    ["the key of JSON Web Tokens is missing", { jwtAlgorithm: "RS256" }, {}, /key must not be empty/],
    ["the key is of another kind", { jwtAlgorithm: "ES256" }, { jwtKey: "secret-token" }, /key cannot be read/],
    ["there is no certificate for TLS", { port: "8443", tls: "nothing" }, {}, /TLS configuration/],
  ];
  for (const [what, changes, credentials, says] of invalid) {
    it(`lets nobody in when ${what}, and says so without a secret`, async () => {
      await start(changes, credentials);
      assert.equal(flow.server("server").broadcast, undefined);
      assert.match(flow.errorsOf("server").join(), says);
      assert.doesNotMatch(flow.errorsOf("server").join(), /secret-token/);
    });
  }

  describe("on a deploy", () => {
    const rotated = { ...PLANT, token: "plant-token-9876543210" };
    const deploys: readonly [what: string, tokens: unknown][] = [
      ["removed", [WEATHER]],
      ["changed", [rotated, WEATHER]],
      ["given other topics", [{ ...PLANT, topics: ["plant/1"] }, WEATHER]],
    ];
    for (const [what, tokens] of deploys) {
      for (const type of ["full", "flows", "nodes"] as const) {
        it(`(${type}) closes the clients of a token that was ${what} with 4001, and only those`, async () => {
          await start({}, { tokens: [PLANT, WEATHER] });
          const { broadcast } = flow.server("server");
          const listeners = flow.http.listenerCount("upgrade");
          const [plant, weather] = [await connect(PLANT.token), await connect(WEATHER.token)];
          await flow.deploy(nodes({}, { tokens }), type);
          assert.deepEqual(await plant.closed, { code: 4001, reason: "token no longer valid" });
          send("weather/wind");
          assert.equal(await weather.next(), "weather/wind");
          assert.equal(flow.server("server").broadcast, broadcast);
          if (what !== "given other topics") assert.equal(await statusFor(PLANT.token), 401);
          assert.equal(flow.http.listenerCount("upgrade"), listeners);
        });
      }
    }

    it("closes who came without a token when the first one is listed", async () => {
      await start({});
      const client = await WsClient.connect(flow.url());
      await flow.deploy(nodes({}, { tokens: [PLANT] }), "nodes");
      assert.equal((await client.closed).code, 4001);
    });

    it("keeps the clients of a port of its own, which stays open", async () => {
      const port = await freeTcpPort();
      await start({ port: String(port) }, { tokens: [PLANT, WEATHER] });
      await until(() => flow.unreachableReason() === undefined, "the port was not opened");
      const client = await WsClient.connect(`ws://127.0.0.1:${port}/ws?token=${WEATHER.token}`);
      await flow.deploy(nodes({ port: String(port) }, { tokens: [WEATHER] }));
      send("weather/wind");
      assert.equal(await client.next(), "weather/wind");
      await WsClient.connect(`ws://127.0.0.1:${port}/ws?token=${WEATHER.token}`);
    });

    const restarts: readonly [what: string, changes: ServerChanges, credentials: object | undefined][] = [
      ["nothing", {}, undefined],
      ["something else too", { maxAge: "2000" }, { tokens: [WEATHER] }],
    ];
    for (const [what, changes, credentials] of restarts) {
      it(`that changes ${what} closes all clients with 1012`, async () => {
        await start({}, { tokens: [PLANT, WEATHER] });
        const client = await connect(WEATHER.token);
        await flow.deploy(nodes(changes, credentials ?? { tokens: [PLANT, WEATHER] }));
        assert.equal((await client.closed).code, 1012);
        await connect(WEATHER.token);
      });
    }

    const ends: readonly [what: string, next: () => FlowNode[]][] = [
      ["removed", () => []],
      ["switched off", () => nodes({ d: true } as ServerChanges, { tokens: [WEATHER] })],
      ["given tokens that are not valid", () => nodes({}, { tokens: "{" })],
    ];
    for (const [what, next] of ends) {
      it(`closes all clients with 1012 when the server was ${what}`, async () => {
        await start({}, { tokens: [PLANT, WEATHER] });
        const client = await connect(WEATHER.token);
        const listeners = flow.http.listenerCount("upgrade");
        await flow.deploy(next());
        assert.equal((await client.closed).code, 1012);
        assert.equal(flow.http.listenerCount("upgrade"), listeners - 1);
      });
    }
  });

  describe("by JSON Web Tokens", () => {
    const settings = { jwtAlgorithm: "HS256", jwtAudience: "display", jwtIssuer: "us", jwtTopicsClaim: "read" };
    const soon = (): number => Math.floor(Date.now() / 1000) + 60;
    const claims = (): object => ({ exp: soon(), aud: "display", iss: "us", read: ["plant/#"] });

    it("is what the claims grant", async () => {
      await start(settings, { jwtKey: JWT_KEY });
      const client = await connect(hs256(claims()));
      for (const topic of ["weather/wind", "plant/1"]) send(topic);
      assert.equal(await client.next(), "plant/1");
    });

    const denied: readonly [what: string, token: () => string][] = [
      ["alg none", () => hs256(claims(), { alg: "none" }).replace(/[^.]*$/, "")],
      ["alg none with a signature", () => hs256(claims(), { alg: "none" })],
      ["another key", () => hs256(claims(), undefined, "x".repeat(40))],
      ["an expiry in the past", () => hs256({ ...claims(), exp: 1_600_000_000 })],
      ["a beginning in the future", () => hs256({ ...claims(), nbf: soon() })],
      ["another audience", () => hs256({ ...claims(), aud: "else" })],
      ["another issuer", () => hs256({ ...claims(), iss: "else" })],
      ["no topics", () => hs256({ ...claims(), read: [] })],
    ];
    it("is denied with 401 to tokens that are not good", async () => {
      await start(settings, { jwtKey: JWT_KEY });
      for (const [what, token] of denied) assert.equal(await statusFor(token()), 401, what);
      assert.equal(await statusFor(), 401);
    });

    it("ends with the key that they were signed with", async () => {
      await start(settings, { jwtKey: JWT_KEY });
      const client = await connect(hs256(claims()));
      await flow.deploy(nodes(settings, { jwtKey: "x".repeat(40) }), "nodes");
      assert.equal((await client.closed).code, 4001);
    });
  });

  describe("on a port of its own", () => {
    const TLS: FlowNode = {
      id: "tls",
      type: "tls-config",
      cert: join(FIXTURES, "tls-cert.pem"),
      key: join(FIXTURES, "tls-key.pem"),
      ca: "",
    };
    const opened = () => until(() => flow.unreachableReason() === undefined, "the port is not open");
    const isRefused = async (url: string): Promise<boolean> => {
      const socket = new WebSocket(url);
      const [{ code }] = (await once(socket, "error")) as [NodeJS.ErrnoException];
      return code === "ECONNREFUSED";
    };

    it("is for this machine alone, until tokens or addresses are listed: then a warning says who can read what", async () => {
      const port = await freeTcpPort();
      await start({ port: String(port) });
      await opened();
      await WsClient.connect(`ws://127.0.0.1:${port}/ws`);
      assert.equal(await isRefused(`ws://127.0.0.2:${port}/ws`), true);
      assert.deepEqual(flow.warningsOf("server"), []);

      await flow.deploy(nodes({ port: String(port) }, { tokens: [PLANT] }));
      assert.match(flow.warningsOf("server").join(), /all addresses of this machine without TLS: tokens and readings/);
      const client = await WsClient.connect(`ws://127.0.0.2:${port}/ws?token=${PLANT.token}`);
      await client.close();
      await flow.deploy(nodes({ port: String(port), allow: "127.0.0.2" }, { tokens: "" }));
      assert.match(flow.warningsOf("server").join(), /everybody at 127.0.0.2 can read every topic without a token/);
      assert.equal((await askUpgrade({ port })).status, 403);
    });

    it("speaks TLS with the certificate of a tls-config node", async () => {
      const port = await freeTcpPort();
      await flow.deploy([TLS, ...nodes({ port: String(port), tls: "tls" })]);
      await opened();
      const ca = readFileSync(join(FIXTURES, "tls-cert.pem"));
      const client = await WsClient.connect(`wss://localhost:${port}/ws`, { ca });
      send("over TLS");
      assert.equal(await client.next(), "over TLS");
      assert.equal(flow.server("server").broadcast?.clients()[0]?.address, "127.0.0.1");
    });

    for (const type of ["full", "nodes"] as const) {
      it(`shows a new certificate from the next deploy (${type}) on, also when the tokens change with it`, async () => {
        const port = await freeTcpPort();
        const changes = { port: String(port), tls: "tls" };
        await flow.deploy([TLS, ...nodes(changes)]);
        await opened();
        const serial = async (): Promise<string> => {
          const socket = tlsConnect({ port, host: "127.0.0.1", rejectUnauthorized: false });
          await once(socket, "secureConnect");
          const { serialNumber } = socket.getPeerCertificate();
          socket.destroy();
          return serialNumber;
        };
        const before = await serial();
        const renewed = { ...TLS, cert: join(FIXTURES, "tls-cert-renewed.pem") };
        await flow.deploy([renewed, ...nodes(changes, { tokens: [PLANT] })], type);
        await opened();
        const after = await serial();
        assert.notEqual(after, before);
        assert.equal(after, "02");
      });
    }

    it("stays closed, in red, when the certificate cannot be used", async () => {
      const port = await freeTcpPort();
      const broken = { ...TLS, key: join(FIXTURES, "tls-cert.pem") };
      await flow.deploy([broken, ...nodes({ port: String(port), tls: "tls" })]);
      assert.match(flow.unreachableReason() ?? "", /certificate or key .* cannot be used/);
      assert.equal(await isRefused(`ws://127.0.0.1:${port}/ws`), true);
    });
  });
});
