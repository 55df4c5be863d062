import assert from "node:assert/strict";
import { once } from "node:events";
import type { BroadcastServerOptions } from "../../../nodes/lib/ws/server-options";
import { BroadcastHarness } from "../../support/broadcast-harness";
import { FakeClock } from "../../support/fake-clock";
import { rawSocket, type UpgradeRequest, upgradeRequest } from "../../support/raw-http";
import { until } from "../../support/until";

const SETTINGS: Partial<BroadcastServerOptions> = { heartbeat: 30, origins: ["https://listed.org"] };
const text = (body: string) => ({ kind: "text", body }) as const;

/** @param senders processes that serve the clients; 0: this one does */
export function describeBroadcastServer(senders: number): void {
  describe(`broadcast server${senders === 0 ? "" : " with sender processes"}`, () => {
    let server: BroadcastHarness;
    /** What a clock that stands still has to do with is not the business of sender processes, which have their own. */
    const start = async (settings: Partial<BroadcastServerOptions> = {}, clock?: FakeClock): Promise<void> => {
      const served = clock === undefined ? senders : 0;
      server = await BroadcastHarness.start({
        settings: { ...SETTINGS, senders: served, ...settings },
        ...(clock && { clock }),
      });
    };
    afterEach(() => server.stop());

    describe("readings", () => {
      it("reach every client that asked for their topic", async () => {
        await start();
        const all = await server.connect();
        const some = await server.connect("?topic=a/%23");
        server.publish("b", "no");
        server.publish("a/x", "yes");
        assert.deepEqual([await all.next(), await all.next()], ["no", "yes"]);
        assert.equal(await some.next(), "yes");
      });

      it("of every topic, the newest, reach a new client", async () => {
        await start();
        for (const [topic, value] of [
          ["a", "1"],
          ["b", "2"],
          ["a", "3"],
        ] as const) {
          server.publish(topic, value);
        }
        const client = await server.connect();
        assert.deepEqual([await client.next(), await client.next()].sort(), ["2", "3"]);
      });

      it("go to one client alone when it is named", async () => {
        await start();
        const [first, second] = [await server.connect(), await server.connect()];
        const [id] = server.broadcast.clients().map(({ client }) => client);
        assert.equal(await server.broadcast.sendTo(id ?? "", { topic: "t", payload: text("for you") }, {}), true);
        server.publish("t", "for all");
        assert.equal(await first.next(), "for you");
        assert.equal(await second.next(), "for all");
        assert.equal(await server.broadcast.sendTo("nobody", { topic: "t", payload: text("x") }, {}), false);
      });
    });

    describe("refuses", () => {
      const refusals: readonly [what: string, request: Partial<UpgradeRequest>, status: number, says: RegExp][] = [
        ["an unknown parameter", { path: "/ws?colour=red" }, 400, /unknown parameter/],
        ["a malformed filter", { path: "/ws?topic=a%23" }, 400, /topic filter/],
        ["another method", { method: "POST" }, 405, /GET, not POST/],
        ["another protocol", { headers: { Upgrade: "h2c" } }, 426, /only speaks WebSocket/],
        ["an old version", { headers: { "Sec-WebSocket-Version": "8" } }, 426, /must be 13/],
        ["no version", { headers: { "Sec-WebSocket-Version": "" } }, 426, /must be 13/],
        ["a malformed key", { headers: { "Sec-WebSocket-Key": "short" } }, 400, /Sec-WebSocket-Key/],
        ["malformed protocols", { headers: { "Sec-WebSocket-Protocol": "a,,b" } }, 400, /Sec-WebSocket-Protocol/],
        ["a page of another host", { headers: { Origin: "https://evil.com" } }, 403, /https:\/\/evil.com may not/],
        ["a page of no host", { headers: { Origin: "null" } }, 403, /null may not/],
        ["a host name in disguise", { headers: { Origin: "http://127.0.0.1.evil.com" } }, 403, /evil/],
      ];
      for (const [what, request, status, says] of refusals) {
        it(`${what} with ${status}`, async () => {
          await start();
          const answer = await server.ask(request);
          assert.equal(answer.status, status);
          assert.equal(answer.headers.get("connection"), "close");
          assert.equal(answer.headers.get("content-type"), "application/json");
          assert.match(JSON.parse(answer.body).error, says);
          assert.deepEqual(
            server.events.map((event) => event.event === "refused" && [event.address, event.status]),
            [["127.0.0.1", status]],
          );
        });
      }

      it("a page without naming what may be a token in events, though to the page itself", async () => {
        await start();
        const answer = await server.ask({ path: "/ws?secret-token" });
        assert.match(answer.body, /unknown parameter .*secret-token/);
        assert.equal(JSON.stringify(server.events).includes("secret-token"), false);
        assert.match(JSON.stringify(server.events), /unknown parameter in the URL/);
      });

      it("a page of a name that leads to this machine's loopback address, unless it is listed or tokens are needed", async () => {
        await start({ origins: ["http://listed.example"] });
        const page = (name: string) => ({ host: `${name}:1880`, headers: { Origin: `http://${name}:1880` } });
        const answer = await server.ask(page("evil.example"));
        assert.equal(answer.status, 403);
        assert.match(answer.body, /evil\.example:1880.*origins/);
        for (const name of ["localhost", "sensors.localhost", "127.0.0.1", "192.168.1.7", "[::1]", "listed.example"]) {
          const { host, headers } = page(name);
          await server.connect("", {
            headers: { Host: host, Origin: headers.Origin.replace("listed.example:1880", "listed.example") },
          });
        }
      });

      it("a page, naming its own host, the host it asked for, and what to do", async () => {
        await start({ trustedProxies: ["127.0.0.1"] });
        const Origin = "https://sensors.example";
        const refused = await server.ask({ host: "backend:8080", headers: { Origin, "X-Forwarded-For": "192.0.2.1" } });
        assert.match(refused.body, /https:\/\/sensors\.example .*backend:8080.*origins/);
        const hostless = await server.ask({ headers: { Origin, Host: "" } });
        assert.match(hostless.body, /https:\/\/sensors\.example .*no header Host.*origins/);
        const forwarded = { Origin, "X-Forwarded-For": "192.0.2.1", "X-Forwarded-Host": "sensors.example" };
        await server.connect("", { headers: { ...forwarded, Host: "backend:8080" } });
      });

      it("to believe X-Forwarded-Host of anybody but a trusted proxy", async () => {
        await start();
        const Origin = "https://sensors.example";
        assert.equal((await server.ask({ headers: { Origin, "X-Forwarded-Host": "sensors.example" } })).status, 403);
      });

      it("a client beyond maxClients with 503 until one leaves", async () => {
        await start({ maxClients: 1 });
        const client = await server.connect();
        assert.equal((await server.ask()).status, 503);
        await client.close();
        await until(() => server.broadcast.clientCount === 0, "the client did not leave");
        await server.connect();
      });

      it("a client beyond maxClientsPerAddress with 429", async () => {
        await start({ maxClientsPerAddress: 2 });
        await server.connect();
        await server.connect();
        assert.equal((await server.ask()).status, 429);
      });

      it("a client without an origin with 403 when one is required", async () => {
        await start({ requireOrigin: true });
        const answer = await server.ask();
        assert.equal(answer.status, 403);
        assert.match(answer.body, /Origin is missing/);
        await server.connect("", { origin: `http://127.0.0.1:${server.port}` });
      });

      it("an address that is not allowed with 403, before anything else is looked at", async () => {
        await start({ allow: ["10.0.0.0/8", "::1"] });
        const answer = await server.ask({ path: "/ws?colour=red", headers: { "X-Forwarded-For": "10.1.2.3" } });
        assert.equal(answer.status, 403);
        assert.match(answer.body, /127\.0\.0\.1 may not connect here/);
      });

      it("an address that connects too often with 429, and takes a trusted proxy's word for the address", async () => {
        await start({ maxConnectRate: 2, trustedProxies: ["127.0.0.1"] }, new FakeClock());
        const from = (address: string) =>
          server.ask({ path: "/ws?colour=red", headers: { "X-Forwarded-For": address } });
        const statuses: number[] = [];
        for (const address of ["10.0.0.1", "10.0.0.1", "10.0.0.1", "10.0.0.2"]) {
          statuses.push((await from(address)).status);
        }
        assert.deepEqual(statuses, [400, 400, 429, 400]);
        assert.deepEqual(server.broadcast.counts().refused, { 400: 3, 429: 1 });
      });

      it("at once, and reports no more than ten refusals a second", async () => {
        await start({}, new FakeClock());
        for (let n = 0; n < 15; n++) await server.ask({ path: "/ws?colour=red" });
        assert.equal(server.events.length, 10);
      });
    });

    describe("accepts", () => {
      for (const origin of ["http://127.0.0.1:8080", "https://127.0.0.1", "https://listed.org"]) {
        it(`a page of ${origin}`, async () => {
          await start();
          await server.connect("", { origin });
          assert.equal(server.broadcast.clientCount, 1);
        });
      }

      it("one of the protocols that a browser offers, but never a token", async () => {
        await start();
        const { socket } = await server.connect("", { protocols: ["bearer.secret", "sensorcast"] });
        assert.equal(socket.protocol, "sensorcast");
      });
    });

    describe("a client", () => {
      it("may send a text such as a keepalive, which is counted and ignored", async () => {
        await start();
        const client = await server.connect();
        client.socket.send("ping");
        client.socket.send('{"type":"ping"}');
        await until(async () => (await server.counts()).ignored === 2, "the texts were not counted");
        assert.equal(server.broadcast.clients()[0]?.ignored, 2);
        server.publish("still here");
        assert.equal(await client.next(), "still here");
      });

      it("that sends more texts than a keepalive takes is closed with 1008", async () => {
        await start({}, new FakeClock());
        const client = await server.connect();
        for (let sent = 0; sent < 33; sent++) client.socket.send("hello");
        assert.deepEqual(await client.closed, { code: 1008, reason: "this endpoint only sends" });
        assert.equal(server.broadcast.counts().ignored, 32);
      });

      it("that sends binary data is closed with 1008", async () => {
        await start();
        const client = await server.connect();
        client.socket.send(Buffer.from("hello"));
        assert.deepEqual(await client.closed, { code: 1008, reason: "this endpoint only sends" });
      });

      it("that sends too much at once is closed with 1009", async () => {
        await start();
        const client = await server.connect();
        client.socket.send("x".repeat(1025));
        assert.equal((await client.closed).code, 1009);
      });

      it("gets its pings answered, but not a flood of them", async () => {
        const clock = new FakeClock();
        await start({}, clock);
        const client = await server.connect();
        const pongs: string[] = [];
        client.socket.on("pong", (data) => pongs.push(data.toString()));
        for (const ping of ["1", "2", "3"]) client.socket.ping(ping);
        await once(client.socket, "pong");
        clock.advance(100);
        client.socket.ping("4");
        await once(client.socket, "pong");
        assert.deepEqual(pongs, ["1", "4"]);
      });

      it("that answers pings stays; a silent one is gone within two intervals", async () => {
        const clock = new FakeClock();
        await start({ heartbeat: 10 }, clock);
        const alive = await server.connect();
        const silent = await server.connect("", { autoPong: false });
        clock.advance(10_000);
        // Both pings are on their way before the answer of the first is back.
        await Promise.all([once(alive.socket, "ping"), once(silent.socket, "ping")]);
        await alive.roundTrip();
        clock.advance(10_000);
        assert.equal((await silent.closed).code, 1006);
        await until(() => server.broadcast.clientCount === 1, "the silent client is still counted");
        assert.equal(alive.socket.readyState, alive.socket.OPEN);
      });

      it("is announced when it comes and when it leaves", async () => {
        await start();
        const client = await server.connect("?topic=a&mode=latest");
        client.socket.close(4321, "enough");
        await client.closed;
        await until(() => server.broadcast.clientCount === 0, "the client did not leave");
        const [connected, left] = server.events;
        assert.ok(connected?.event === "connected" && left?.event === "left");
        assert.deepEqual([connected.topics, connected.mode, connected.address], [["a"], "latest", "127.0.0.1"]);
        assert.deepEqual([left.client, left.code, left.reason], [connected.client, 4321, "enough"]);
      });

      it("is disconnected by its id", async () => {
        await start();
        const client = await server.connect();
        const [{ client: id } = { client: "" }] = server.broadcast.clients();
        assert.equal(server.broadcast.disconnect(id, { code: 1000, reason: "bye" }), true);
        assert.deepEqual(await client.closed, { code: 1000, reason: "bye" });
        await until(() => server.broadcast.clientCount === 0, "the client did not leave");
        assert.equal(server.broadcast.disconnect(id, { code: 1000, reason: "bye" }), false);
      });
    });

    describe("a reset", () => {
      const moments: readonly [when: string, bytes: (request: string) => string | undefined][] = [
        ["before anything was sent", () => undefined],
        ["in the middle of the request", (request) => request.slice(0, 40)],
        ["right after the request", (request) => request],
        ["right after a refused request", (request) => request.replace("/ws", "/ws?x=1")],
      ];
      for (const [when, bytes] of moments) {
        it(`${when} disturbs nobody`, async () => {
          await start();
          const witness = await server.connect();
          const gone: Promise<unknown>[] = [];
          for (let n = 0; n < 20; n++) {
            const socket = await rawSocket(server.port);
            const sent = bytes(upgradeRequest({ port: server.port }));
            if (sent !== undefined) socket.write(sent);
            gone.push(once(socket, "close"));
            if (n % 2 === 0) socket.resetAndDestroy();
            else setImmediate(() => socket.resetAndDestroy());
          }
          await Promise.all(gone);
          server.publish("t", "still here");
          assert.equal(await witness.next(), "still here");
          await until(() => server.broadcast.clientCount === 1, "a reset client is still counted");
        });
      }
    });

    describe("shutdown", () => {
      it("closes every client with 1012 and resolves when all are gone", async () => {
        await start();
        const clients = await Promise.all(Array.from({ length: 20 }, () => server.connect()));
        await server.broadcast.shutdown();
        assert.equal(server.broadcast.clientCount, 0);
        for (const client of clients) assert.deepEqual(await client.closed, { code: 1012, reason: "service restart" });
        assert.equal(server.events.filter(({ event }) => event === "left").length, 20);
      });

      it("cuts off a client that does not answer the close frame", async () => {
        await start();
        const socket = await rawSocket(server.port);
        socket.write(upgradeRequest({ port: server.port }));
        await once(socket, "data");
        const gone = once(socket, "close");
        await server.broadcast.shutdown();
        await gone;
      });

      it("refuses who comes meanwhile with 503", async () => {
        await start();
        await server.broadcast.shutdown();
        const answer = await server.ask();
        assert.equal(answer.status, 503);
        assert.equal(answer.headers.get("retry-after"), "1");
      });
    });
  });
}
