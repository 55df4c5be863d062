import assert from "node:assert/strict";
import { PoolUnderTest, REQUEST } from "../../../support/pool-under-test";

describe("socket pool", () => {
  it("binds the port on all addresses without sharing it with other processes", async () => {
    const { leased } = new PoolUnderTest();
    const { socket } = await leased();
    assert.deepEqual(socket.bindRequest, { port: 5000, exclusive: true });
    assert.deepEqual(socket.options, { type: "udp4", reuseAddr: false, ipv6Only: false });
  });

  it("asks for the receive buffer and tells how much of it was granted", async () => {
    const { subscriber, leased } = new PoolUnderTest();
    const { socket } = await leased();
    socket.emit("listening");
    assert.deepEqual(subscriber.events, ["bound 65536"]);
  });

  it("takes what it can get of a receive buffer that the system refuses", async () => {
    const { subscriber, leased } = new PoolUnderTest();
    const { socket } = await leased({ receiveBuffer: 3_000_000 });
    socket.emit("listening");
    assert.deepEqual(subscriber.events, ["bound 750000"]);
  });

  it("gives every subscriber of an address its own copy of each datagram", async () => {
    const { machine, pool, subscriber, other, leased } = new PoolUnderTest();
    const { socket } = await leased();
    pool.lease(REQUEST, other);
    socket.emit("listening");
    socket.emit("message", Buffer.from("21"), { address: "::ffff:192.0.2.1", port: 9 });
    assert.equal(machine.sockets.length, 1);
    assert.deepEqual(subscriber.events, ["bound 65536", "21 from 192.0.2.1:9"]);
    assert.deepEqual(other.events, ["bound 65536", "21 from 192.0.2.1:9"]);
    subscriber.datagrams[0]?.fill("x");
    assert.equal(String(other.datagrams[0]), "21");
  });

  it("closes the socket with its last subscriber", async () => {
    const { pool, subscriber, other, leased } = new PoolUnderTest();
    const { socket, release } = await leased();
    const { release: releaseOther } = pool.lease(REQUEST, other);
    socket.emit("listening");
    await release();
    assert.equal(socket.closing, false);
    socket.emit("message", Buffer.from("21"), { address: "192.0.2.1", port: 9 });
    assert.deepEqual(subscriber.events, ["bound 65536"]);
    assert.deepEqual(other.events, ["bound 65536", "21 from 192.0.2.1:9"]);

    const released = releaseOther();
    assert.equal(socket.closing, true);
    socket.emit("close");
    await released;
  });

  it("releases once, however often it is asked", async () => {
    const { pool, other, leased } = new PoolUnderTest();
    const { socket, release } = await leased();
    pool.lease(REQUEST, other);
    socket.emit("listening");
    await Promise.all([release(), release()]);
    assert.equal(socket.closing, false);
  });

  it("waits for the old socket to close before it binds the port again, on whatever address", async () => {
    const { machine, pool, other, leased } = new PoolUnderTest();
    const { socket, release } = await leased();
    socket.emit("listening");
    const released = release();
    const reopened = machine.nextSocket();
    pool.lease({ ...REQUEST, address: "127.0.0.1" }, other);
    await Promise.resolve();
    assert.equal(machine.sockets.length, 1);

    socket.emit("close");
    await released;
    assert.deepEqual((await reopened).bindRequest, { port: 5000, address: "127.0.0.1", exclusive: true });
  });

  it("never opens a socket that was released before its turn", async () => {
    const { machine, pool, subscriber } = new PoolUnderTest();
    const { release } = pool.lease(REQUEST, subscriber);
    await release();
    await Promise.resolve();
    assert.deepEqual(machine.sockets, []);
  });
});
