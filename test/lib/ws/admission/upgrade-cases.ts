import assert from "node:assert/strict";
import { once } from "node:events";
import type { BroadcastHarness } from "../../../support/broadcast-harness";
import { FakeClock } from "../../../support/fake-clock";
import { rawSocket, type UpgradeRequest, upgradeRequest } from "../../../support/raw-http";
import { until } from "../../../support/until";
import { type StartServer, serverStarter, titleWith } from "../broadcast-server-starter";

/** @param senders processes that serve the clients; 0: this one does */
export function describeUpgrades(senders: number): void {
  const startServer = serverStarter(senders);
  describe(titleWith("an upgrade to a broadcast server", senders), () => {
    let server: BroadcastHarness;
    const start = async (...options: Parameters<StartServer>): Promise<void> => {
      server = await startServer(...options);
    };
    afterEach(() => server.stop());

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
  });
}
