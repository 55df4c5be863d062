import assert from "node:assert/strict";
import type { SocketRequest } from "../../../../nodes/lib/udp/socket/socket-lease";
import { PoolUnderTest, REQUEST } from "../../../support/pool-under-test";

describe("sockets of multicast groups", () => {
  const GROUP: Partial<SocketRequest> = { groups: ["239.1.1.1"] };

  it("binds to the group, so that nothing else is heard", async () => {
    const { leased } = new PoolUnderTest();
    const addressOf = async (changes: Partial<SocketRequest>) => (await leased(changes)).socket.bindRequest?.address;
    assert.equal(await addressOf(GROUP), "239.1.1.1");
    assert.equal(await addressOf({ groups: ["232.1.2.3@10.0.0.5"] }), "232.1.2.3");
    assert.equal(await addressOf({ ...GROUP, family: "dual" }), "::ffff:239.1.1.1");
    assert.equal(await addressOf({ groups: ["ff02::5"], family: "udp6", address: "eth0" }), "ff02::5%eth0");
  });

  it("has a socket for each of several, and is bound once all are", async () => {
    const { machine, subscriber, leased } = new PoolUnderTest();
    const { socket, release } = await leased({ groups: ["239.1.1.1", "239.1.1.2", "239.1.1.1"] });
    await new Promise((resolve) => setImmediate(resolve));
    const [, second] = machine.sockets;
    assert.deepEqual(
      machine.sockets.map(({ bindRequest }) => bindRequest?.address),
      ["239.1.1.1", "239.1.1.2"],
    );
    socket.emit("listening");
    assert.deepEqual(subscriber.events, []);
    second?.emit("listening");
    assert.deepEqual(subscriber.events, ["bound 65536"]);
    second?.emit("message", Buffer.from("21"), { address: "192.0.2.1", port: 9 });
    assert.equal(subscriber.events.at(-1), "21 from 192.0.2.1:9");

    const released = release();
    for (const each of machine.sockets) each.emit("close");
    await released;
    assert.equal(machine.clock.pending, 0);
  });

  it("listens on all addresses if the system refuses this one", async () => {
    const { machine, subscriber, leased } = new PoolUnderTest();
    const { socket } = await leased(GROUP);
    const reopened = machine.nextSocket();
    socket.fail("EINVAL");
    socket.emit("close");
    assert.equal((await reopened).bindRequest?.address, undefined);
    assert.deepEqual(subscriber.events, []);
  });

  it("has a socket of its own, and the others on that port open again to share it", async () => {
    const { machine, pool, other, leased } = new PoolUnderTest();
    const { socket: all } = await leased();
    all.emit("listening");
    assert.equal(all.options.reuseAddr, false);
    const reopened = machine.nextSocket();
    pool.lease({ ...REQUEST, ...GROUP }, other);
    assert.equal(machine.sockets.length, 1);
    all.emit("close");
    assert.equal((await reopened).options.reuseAddr, true);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(
      machine.sockets.map(({ options, bindRequest }) => [options.reuseAddr, bindRequest?.address]),
      [
        [false, undefined],
        [true, undefined],
        [true, "239.1.1.1"],
      ],
    );
  });
});
