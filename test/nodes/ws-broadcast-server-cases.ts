import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { FlowNode } from "../support/flow";
import { freeTcpPort } from "../support/free-port";
import { askUpgrade, rawSocket } from "../support/raw-http";
import { until } from "../support/until";
import { WsClient } from "../support/ws-client";
import { out, REPORTERS, type ServerChanges, WsFlow } from "../support/ws-flow";
import { serverSuite } from "./server-suite";

const listener = (id: string, path: string, changes: object = {}): FlowNode => ({
  id,
  type: "websocket-listener",
  path,
  wholemsg: "false",
  ...changes,
});

const holders: Server[] = [];

async function occupy(port: number): Promise<Server> {
  const holder = createServer();
  holders.push(holder);
  holder.listen(port, "127.0.0.1");
  await once(holder, "listening");
  return holder;
}

export const describeServer = serverSuite("ws-broadcast-server", (server) => {
  let flow: WsFlow;
  afterEach(async () => {
    for (const holder of holders.splice(0)) holder.close();
    await flow.stop();
  });
  const send = (payload: unknown): void => flow.node("out").receive({ payload });
  const unreachableReason = () => flow.unreachableReason();

  describe("on Node-RED's own web server", () => {
    it("is reached under httpNodeRoot, with or without a trailing slash", async () => {
      flow = await WsFlow.start([server("server", { path: "/live/data" }), out("out", { server: "server" })], {
        httpNodeRoot: "/api",
      });
      const clients = [
        await WsClient.connect(flow.url("/api/live/data")),
        await WsClient.connect(flow.url("/api/live/data/?mode=latest")),
      ];
      send("hello");
      for (const client of clients) assert.equal(await client.next(), "hello");
    });

    it("leaves the editor's and core's WebSockets alone", async () => {
      const core = listener("core", "/core");
      flow = await WsFlow.start([server("server"), out("out", { server: "server" }), core]);
      const comms = await WsClient.connect(flow.url("/comms"));
      comms.socket.send(JSON.stringify({ subscribe: "notification/#" }));
      const other = await WsClient.connect(flow.url("/core"));
      const ours = await WsClient.connect(flow.url());
      const arrived = once(flow.node("core"), "opened");
      const another = await WsClient.connect(flow.url("/core"));
      await arrived;
      send("ours alone");
      assert.equal(await ours.next(), "ours alone");

      await flow.deploy([core], "nodes");
      assert.equal((await ours.closed).code, 1012);
      for (const client of [other, another, comms]) assert.equal(client.socket.readyState, client.socket.OPEN);
      assert.equal(other.queued, 0);
    });

    it("does not answer for a path that nobody has", async () => {
      flow = await WsFlow.start([server("server")]);
      const socket = await rawSocket(flow.port);
      socket.write("GET /nobody HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
      const witness = await WsClient.connect(flow.url());
      assert.equal(socket.bytesRead, 0);
      assert.equal(socket.destroyed, false);
      socket.destroy();
      await witness.close();
    });

    const taken: readonly [what: string, path: string, others: FlowNode[], settings: object, says: RegExp][] = [
      ["the editor has", "/comms", [], {}, /\/comms is taken by the editor/],
      ["the editor has under its root", "/admin/comms", [], { httpAdminRoot: "/admin" }, /\/admin\/comms is taken/],
      [
        "a websocket-listener has",
        "/core",
        [listener("l", "/core", { name: "mine" })],
        {},
        /websocket-listener node "mine"/,
      ],
      [
        "a websocket-listener has under the root",
        "/core",
        [listener("l", "core")],
        { httpNodeRoot: "/r" },
        /\/r\/core/,
      ],
      ["another ws-broadcast-server has", "/ws", [server("first")], {}, /\/ws is taken by another ws-broadcast-server/],
    ];
    for (const [what, path, others, settings, says] of taken) {
      it(`refuses a path that ${what}, in red`, async () => {
        const nodes = [...others, server("server", { path }), out("out", { server: "server" }), ...REPORTERS];
        flow = await WsFlow.start(nodes, settings);
        assert.match(unreachableReason() ?? "", says);
        send("to nobody");
        const { error } = await flow.next("handled");
        assert.match((error as { message: string }).message, says);
      });
    }

    it("takes the path of a websocket-listener that is switched off", async () => {
      flow = await WsFlow.start([listener("l", "/ws", { d: true }), server("server")]);
      assert.equal(unreachableReason(), undefined);
    });

    it("takes a path as soon as the node that had it is gone", async () => {
      const second = server("server", { path: "/ws" });
      flow = await WsFlow.start([server("first"), second]);
      assert.notEqual(unreachableReason(), undefined);
      await flow.deploy([second], "nodes");
      await until(() => unreachableReason() === undefined, "the path was not taken");
      await WsClient.connect(flow.url());
    });

    it("asks for a port when httpNodeRoot is switched off", async () => {
      flow = await WsFlow.start([server("server")], { httpNodeRoot: false });
      assert.match(unreachableReason() ?? "", /set a port of its own/);
    });
  });

  describe("on a port of its own", () => {
    it("serves its path only, with the other answers in words", async () => {
      const port = await freeTcpPort();
      flow = await WsFlow.start([server("server", { port: String(port) }), out("out", { server: "server" })]);
      const client = await connectSoon(`ws://127.0.0.1:${port}/ws`);
      send("hello");
      assert.equal(await client.next(), "hello");
      assert.equal((await askUpgrade({ port, path: "/other" })).status, 404);
      const page = await fetch(`http://127.0.0.1:${port}/`);
      assert.equal(page.status, 404);
      assert.match(await page.text(), /nothing is here: the readings are at \/ws/);
    });

    it("answers what is no good request in words, at once", async () => {
      const port = await freeTcpPort();
      flow = await WsFlow.start([server("server", { port: String(port) })]);
      const witness = await connectSoon(`ws://127.0.0.1:${port}/ws`);
      assert.equal((await askUpgrade({ port, headers: { "X-Long": "x".repeat(20_000) } })).status, 431);
      const malformed = await askUpgrade({ port, method: "G E T" });
      assert.equal(malformed.status, 400);
      assert.match(JSON.parse(malformed.body).error, /no HTTP request/);
      assert.equal(witness.socket.readyState, witness.socket.OPEN);
    });

    it("waits for a taken port, in red, and opens it once it is free", async () => {
      const holder = await occupy(0);
      const { port } = holder.address() as AddressInfo;
      flow = await WsFlow.start([server("server", { port })]);
      await until(() => unreachableReason() !== undefined, "the taken port was not noticed");
      assert.match(unreachableReason() ?? "", new RegExp(`port ${port} on 127.0.0.1 is in use`));
      holder.close();
      await until(() => unreachableReason() === undefined, "the port was not opened");
      await WsClient.connect(`ws://127.0.0.1:${port}/ws`);
    });

    it("names an address that is not of this machine", async () => {
      flow = await WsFlow.start([server("server", { port: await freeTcpPort(), host: "192.0.2.1" })]);
      await until(() => unreachableReason() !== undefined, "the wrong address was not noticed");
      assert.match(unreachableReason() ?? "", /192.0.2.1 is not an address of this machine/);
    });

    it("frees the port on redeploy, also with clients and half a request", async () => {
      const port = await freeTcpPort();
      const nodes = (name: string) => [{ ...server("server", { port }), name }];
      flow = await WsFlow.start(nodes("one"));
      const client = await connectSoon(`ws://127.0.0.1:${port}/ws`);
      const half = await rawSocket(port);
      half.write("GET /ws HT");
      await flow.deploy(nodes("two"));
      assert.equal((await client.closed).code, 1012);
      await connectSoon(`ws://127.0.0.1:${port}/ws`);
      assert.equal(unreachableReason(), undefined);
      half.destroy();
    });
  });

  describe("configuration", () => {
    const invalid: readonly [changes: ServerChanges, says: RegExp][] = [
      [{ path: "ws" }, /path must be a path such as/],
      [{ path: "/" }, /path must be/],
      [{ path: "/a?b" }, /path must be/],
      [{ port: "0" }, /port must be empty or a whole number from 1 to 65535, not "0"/],
      [{ port: "99999" }, /port must be/],
      [{ port: "abc" }, /port must be/],
      [{ mode: "fast" }, /mode must be one of stream, latest/],
      [{ heartbeat: "0" }, /heartbeat must be/],
      [{ origins: "example.com" }, /origins must be an origin such as/],
    ];
    for (const [changes, says] of invalid) {
      it(`refuses ${JSON.stringify(changes)} with a sentence, and Node-RED goes on`, async () => {
        flow = await WsFlow.start([server("good"), server("server", { path: "/other", ...changes })]);
        assert.equal(flow.server("server").broadcast, undefined);
        assert.match(flow.errorsOf("server").join(), says);
        await WsClient.connect(flow.url());
      });
    }
  });

  describe("redeploys", () => {
    it("keep the clients of an unchanged server when only other nodes change", async () => {
      const nodes = (topic: string) => [server("server"), out("out", { server: "server", topic })];
      flow = await WsFlow.start(nodes("a"));
      const client = await WsClient.connect(`${flow.url()}?envelope=1`);
      send(1);
      assert.equal(((await client.nextJson()) as { topic: string }).topic, "a");
      await flow.deploy(nodes("b"), "nodes");
      send(2);
      assert.equal(((await client.nextJson()) as { topic: string }).topic, "b");
      assert.equal(client.socket.readyState, client.socket.OPEN);
    });
  });
});

/** A port of its own is open shortly after the deploy. */
async function connectSoon(url: string): Promise<WsClient> {
  let client: WsClient | undefined;
  for (let attempt = 0; client === undefined; attempt++) {
    client = await WsClient.connect(url).catch((error) => {
      if (attempt === 50) throw error;
      return undefined;
    });
  }
  return client;
}
