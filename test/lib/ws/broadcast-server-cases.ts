import assert from "node:assert/strict";
import { once } from "node:events";
import type { BroadcastHarness } from "../../support/broadcast-harness";
import { FakeClock } from "../../support/fake-clock";
import { rawSocket, upgradeRequest } from "../../support/raw-http";
import { until } from "../../support/until";
import { type StartServer, serverStarter, titleWith } from "./broadcast-server-starter";

const text = (body: string) => ({ kind: "text", body }) as const;

/** @param senders processes that serve the clients; 0: this one does */
export function describeBroadcastServer(senders: number): void {
  const startServer = serverStarter(senders);
  describe(titleWith("broadcast server", senders), () => {
    let server: BroadcastHarness;
    const start = async (...options: Parameters<StartServer>): Promise<void> => {
      server = await startServer(...options);
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
