import assert from "node:assert/strict";
import { PoolUnderTest, REQUEST } from "../../../support/pool-under-test";

describe("a socket that cannot be bound, or fails", () => {
  it("tells all subscribers of a taken port and binds it as soon as a retry finds it free", async () => {
    const { machine, pool, subscriber, other, leased } = new PoolUnderTest();
    const { socket } = await leased();
    pool.lease(REQUEST, other);
    socket.fail("EADDRINUSE");
    assert.deepEqual(subscriber.events, ["port 5000 is in use by another socket"]);
    assert.deepEqual(other.events, subscriber.events);

    machine.clock.advance(249);
    assert.equal(machine.sockets.length, 1);
    machine.clock.advance(1);
    machine.sockets[1]?.fail("EADDRINUSE");
    machine.clock.advance(499);
    assert.equal(machine.sockets.length, 2);
    machine.clock.advance(1);
    machine.sockets[2]?.emit("listening");
    assert.equal(subscriber.events.at(-1), "bound 65536");
    assert.equal(machine.clock.pending, 0);
  });

  it("tells a late subscriber what the failure is", async () => {
    const { pool, other, leased } = new PoolUnderTest();
    const { socket } = await leased();
    socket.fail("EACCES");
    pool.lease(REQUEST, other);
    assert.deepEqual(other.events, ["port 5000 needs privileges that this process does not have"]);
  });

  it("waits no longer than ten seconds between retries", async () => {
    const { machine, leased } = new PoolUnderTest();
    const { socket } = await leased();
    socket.fail("EADDRINUSE");
    for (let retry = 1; retry <= 12; retry++) {
      machine.clock.advance(10_000);
      machine.sockets.at(-1)?.fail("EADDRINUSE");
    }
    const before = machine.sockets.length;
    machine.clock.advance(10_000);
    assert.equal(machine.sockets.length, before + 1);
  });

  it("binds again after an error on a bound socket, and ignores what the abandoned one still says", async () => {
    const { machine, subscriber, leased } = new PoolUnderTest();
    const { socket } = await leased();
    socket.emit("listening");
    socket.fail("ENETDOWN");
    socket.fail("EBADF");
    assert.equal(socket.closing, true);
    machine.clock.advance(250);
    machine.sockets[1]?.emit("listening");
    assert.deepEqual(subscriber.events, ["bound 65536", "port 5000: ENETDOWN", "bound 65536"]);
  });

  it("stops retrying once released", async () => {
    const { machine, leased } = new PoolUnderTest();
    const { socket, release } = await leased();
    socket.fail("EADDRINUSE");
    socket.emit("close");
    await release();
    assert.equal(machine.clock.pending, 0);
  });

  it("binds the address of an interface, by the family", async () => {
    const { leased } = new PoolUnderTest();
    assert.equal((await leased({ address: "eth0" })).socket.bindRequest?.address, "192.0.2.7");
    assert.equal((await leased({ address: "eth0", family: "udp6" })).socket.bindRequest?.address, "2001:db8::7");
  });

  it("names the interfaces there are when one is unknown, and binds once it is there", async () => {
    const { machine, pool, subscriber } = new PoolUnderTest();
    const failed = new Promise<void>((resolve) => {
      subscriber.failed = ({ message }) => {
        subscriber.events.push(message);
        resolve();
      };
    });
    pool.lease({ ...REQUEST, address: "wlan0" }, subscriber);
    await failed;
    assert.match(
      subscriber.events[0] ?? "",
      /"wlan0" is neither an IP address nor an interface of this machine, which has: eth0$/,
    );

    machine.interfaces = { ...machine.interfaces, wlan0: machine.interfaces.eth0 ?? [] };
    machine.clock.advance(250);
    assert.equal(machine.sockets[0]?.bindRequest?.address, "192.0.2.7");
  });

  it("refuses an IPv6 address for udp4", async () => {
    const { pool, subscriber } = new PoolUnderTest();
    const failed = new Promise<string>((resolve) => {
      subscriber.failed = ({ message }) => resolve(message);
    });
    pool.lease({ ...REQUEST, address: "::1" }, subscriber);
    assert.match(await failed, /::1 is IPv6, which family udp4 cannot bind/);
  });

  it("leaves IPv4 to who has it when udp6 finds that part of the port taken; dual fails", async () => {
    const { machine, subscriber, leased } = new PoolUnderTest();
    const { socket } = await leased({ family: "udp6" });
    const reopened = machine.nextSocket();
    socket.fail("EADDRINUSE");
    socket.emit("close");
    assert.equal((await reopened).options.ipv6Only, true);
    assert.deepEqual(subscriber.events, []);

    const dual = await leased({ family: "dual" });
    dual.socket.fail("EADDRINUSE");
    assert.deepEqual(subscriber.events, ["port 5000 is in use by another socket"]);
  });
});
