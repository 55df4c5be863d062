import assert from "node:assert/strict";
import { PoolUnderTest, REQUEST } from "../../../support/pool-under-test";

describe("memberships of multicast groups, on sockets that cannot be bound to them", () => {
  const GROUPS = ["239.1.1.1", "239.1.1.2"];

  it("shares the port and joins on the interface of the address", async () => {
    const { leased } = new PoolUnderTest({ bindsGroups: false });
    const { socket } = await leased({ address: "eth0", groups: GROUPS });
    assert.deepEqual(socket.bindRequest, { port: 5000, exclusive: true });
    assert.equal(socket.options.reuseAddr, true);
    socket.emit("listening");
    assert.deepEqual(socket.memberships, ["239.1.1.1@192.0.2.7", "239.1.1.2@192.0.2.7"]);
  });

  it("joins a group once for several subscribers and leaves it with the last, on the same interface", async () => {
    const { pool, other, leased } = new PoolUnderTest({ bindsGroups: false });
    const { socket, release } = await leased({ address: "eth0", groups: GROUPS });
    pool.lease({ ...REQUEST, address: "eth0", groups: ["239.1.1.1", "239.1.1.3"] }, other);
    socket.emit("listening");
    await release();
    assert.deepEqual(socket.memberships, ["239.1.1.1@192.0.2.7", "239.1.1.3@192.0.2.7"]);
  });

  it("reopens a socket whose first group comes later", async () => {
    const { machine, pool, other, leased } = new PoolUnderTest({ bindsGroups: false });
    const { socket } = await leased();
    socket.emit("listening");
    const reopened = machine.nextSocket();
    pool.lease({ ...REQUEST, groups: GROUPS }, other);
    socket.emit("close");
    assert.equal((await reopened).options.reuseAddr, true);
  });

  it("tells only those who want it of a group that cannot be joined, and joins it later", async () => {
    const { machine, pool, subscriber, other, leased } = new PoolUnderTest({ bindsGroups: false });
    const { socket } = await leased();
    pool.lease({ ...REQUEST, groups: GROUPS }, other);
    const reopened = machine.nextSocket();
    socket.emit("close");
    const multicast = await reopened;
    multicast.refused.add("239.1.1.2");
    multicast.emit("listening");
    assert.deepEqual(subscriber.events, ["bound 65536"]);
    assert.deepEqual(other.events, ["bound 65536", "group 239.1.1.2 on port 5000: EINVAL"]);

    multicast.refused.clear();
    machine.clock.advance(250);
    assert.equal(multicast.memberships.length, 2);
    assert.equal(other.events.at(-1), "bound 65536");
  });

  it("leaves and joins every group each minute, and stops once released", async () => {
    const { machine, subscriber, leased } = new PoolUnderTest({ bindsGroups: false });
    const { socket, release } = await leased({ groups: GROUPS });
    socket.emit("listening");
    const joins: string[] = [];
    const addMembership = socket.addMembership.bind(socket);
    socket.addMembership = (group, on) => {
      joins.push(group);
      addMembership(group, on);
    };
    machine.clock.advance(59_999);
    assert.deepEqual(joins, []);
    machine.clock.advance(60_001);
    assert.deepEqual(joins, [...GROUPS, ...GROUPS]);
    assert.deepEqual(subscriber.events, ["bound 65536"]);

    const released = release();
    socket.emit("close");
    await released;
    assert.equal(machine.clock.pending, 0);
  });

  it("joins again when an interface comes back, with another address too", async () => {
    const { machine, subscriber, leased } = new PoolUnderTest({ bindsGroups: false });
    const { socket } = await leased({ address: "eth0", groups: GROUPS });
    socket.emit("listening");
    const { eth0 = [] } = machine.interfaces;
    machine.interfaces = {};
    socket.memberships.length = 0;
    machine.clock.advance(60_000);
    assert.match(subscriber.events.at(-1) ?? "", /"eth0" is neither/);

    machine.interfaces = { eth0: eth0.map((info) => ({ ...info, address: "192.0.2.99" })) };
    machine.clock.advance(250);
    assert.deepEqual(socket.memberships, ["239.1.1.1@192.0.2.99", "239.1.1.2@192.0.2.99"]);
    assert.equal(subscriber.events.at(-1), "bound 65536");
  });

  it("counts a group as joined that it could not leave", async () => {
    const { machine, subscriber, leased } = new PoolUnderTest({ bindsGroups: false });
    const { socket } = await leased({ groups: GROUPS });
    socket.emit("listening");
    socket.dropMembership = () => {
      throw Object.assign(new Error("ENODEV"), { code: "ENODEV" });
    };
    socket.addMembership = () => {
      throw Object.assign(new Error("EADDRINUSE"), { code: "EADDRINUSE" });
    };
    machine.clock.advance(60_000);
    assert.deepEqual(subscriber.events, ["bound 65536"]);
  });

  it("joins each group on the interface in the form of its family, whatever that of the socket", async () => {
    const { leased } = new PoolUnderTest({ bindsGroups: false });
    for (const address of ["eth0", "192.0.2.7", "2001:db8::7"]) {
      const { socket, release } = await leased({ address, family: "udp6", groups: ["239.1.1.1", "ff15::1"] });
      socket.emit("listening");
      assert.deepEqual(socket.memberships, ["239.1.1.1@192.0.2.7", "ff15::1@::%eth0"], address);
      const released = release();
      socket.emit("close");
      await released;
    }
  });

  it("joins what a single source sends to a group", async () => {
    const { leased } = new PoolUnderTest({ bindsGroups: false });
    const { socket } = await leased({ groups: ["232.1.2.3@10.0.0.5", "ff3e::1@2001:db8::5"] });
    socket.emit("listening");
    assert.deepEqual(socket.memberships, ["10.0.0.5>232.1.2.3@undefined", "2001:db8::5>ff3e::1@undefined"]);
  });
});
