import assert from "node:assert/strict";
import type { Sender } from "../../../../nodes/lib/udp/socket/sender";
import type { SocketRequest, SocketSubscriber } from "../../../../nodes/lib/udp/socket/socket-lease";
import { SocketPool } from "../../../../nodes/lib/udp/socket/socket-pool";
import { FakeMachine } from "../../../support/fake-socket";

const REQUEST: SocketRequest = { address: "", port: 5000, family: "udp4", groups: [], receiveBuffer: 65536 };

class RecordingHolder implements SocketSubscriber {
  readonly events: string[] = [];
  readonly datagrams: Buffer[] = [];

  datagram(bytes: Buffer, { address, port }: Sender): void {
    this.datagrams.push(bytes);
    this.events.push(`${bytes} from ${address}:${port}`);
  }

  bound({ granted }: { granted: number }): void {
    this.events.push(`bound ${granted}`);
  }

  failed({ message }: Error): void {
    this.events.push(message);
  }
}

describe("socket pool", () => {
  let machine: FakeMachine;
  let pool: SocketPool;
  let holder: RecordingHolder;
  let other: RecordingHolder;

  beforeEach(() => {
    machine = new FakeMachine();
    pool = new SocketPool(machine);
    holder = new RecordingHolder();
    other = new RecordingHolder();
  });

  async function held(changes: Partial<SocketRequest> = {}) {
    const opened = machine.nextSocket();
    const { release } = pool.hold({ ...REQUEST, ...changes }, holder);
    return { socket: await opened, release };
  }

  it("binds the port on all addresses without sharing it with other processes", async () => {
    const { socket } = await held();
    assert.deepEqual(socket.bindRequest, { port: 5000, exclusive: true });
    assert.deepEqual(socket.options, { type: "udp4", reuseAddr: false, ipv6Only: false });
  });

  it("asks for the receive buffer and tells how much of it was granted", async () => {
    const { socket } = await held();
    socket.emit("listening");
    assert.deepEqual(holder.events, ["bound 65536"]);
  });

  it("takes what it can get of a receive buffer that the system refuses", async () => {
    const { socket } = await held({ receiveBuffer: 3_000_000 });
    socket.emit("listening");
    assert.deepEqual(holder.events, ["bound 750000"]);
  });

  it("gives every holder of an endpoint its own copy of each datagram", async () => {
    const { socket } = await held();
    pool.hold(REQUEST, other);
    socket.emit("listening");
    socket.emit("message", Buffer.from("21"), { address: "::ffff:192.0.2.1", port: 9 });
    assert.equal(machine.sockets.length, 1);
    assert.deepEqual(holder.events, ["bound 65536", "21 from 192.0.2.1:9"]);
    assert.deepEqual(other.events, ["bound 65536", "21 from 192.0.2.1:9"]);
    holder.datagrams[0]?.fill("x");
    assert.equal(String(other.datagrams[0]), "21");
  });

  it("closes the socket with its last holder", async () => {
    const { socket, release } = await held();
    const { release: releaseOther } = pool.hold(REQUEST, other);
    socket.emit("listening");
    await release();
    assert.equal(socket.closing, false);
    socket.emit("message", Buffer.from("21"), { address: "192.0.2.1", port: 9 });
    assert.deepEqual(holder.events, ["bound 65536"]);
    assert.deepEqual(other.events, ["bound 65536", "21 from 192.0.2.1:9"]);

    const released = releaseOther();
    assert.equal(socket.closing, true);
    socket.emit("close");
    await released;
  });

  it("releases once, however often it is asked", async () => {
    const { socket, release } = await held();
    pool.hold(REQUEST, other);
    socket.emit("listening");
    await Promise.all([release(), release()]);
    assert.equal(socket.closing, false);
  });

  it("waits for the old socket to close before it binds the port again, on whatever address", async () => {
    const { socket, release } = await held();
    socket.emit("listening");
    const released = release();
    const reopened = machine.nextSocket();
    pool.hold({ ...REQUEST, address: "127.0.0.1" }, other);
    await Promise.resolve();
    assert.equal(machine.sockets.length, 1);

    socket.emit("close");
    await released;
    assert.deepEqual((await reopened).bindRequest, { port: 5000, address: "127.0.0.1", exclusive: true });
  });

  it("never opens a socket that was released before its turn", async () => {
    const { release } = pool.hold(REQUEST, holder);
    await release();
    await Promise.resolve();
    assert.deepEqual(machine.sockets, []);
  });

  it("tells all holders of a taken port and binds it as soon as a retry finds it free", async () => {
    const { socket } = await held();
    pool.hold(REQUEST, other);
    socket.fail("EADDRINUSE");
    assert.deepEqual(holder.events, ["port 5000 is in use by another socket"]);
    assert.deepEqual(other.events, holder.events);

    machine.clock.advance(249);
    assert.equal(machine.sockets.length, 1);
    machine.clock.advance(1);
    machine.sockets[1]?.fail("EADDRINUSE");
    machine.clock.advance(499);
    assert.equal(machine.sockets.length, 2);
    machine.clock.advance(1);
    machine.sockets[2]?.emit("listening");
    assert.equal(holder.events.at(-1), "bound 65536");
    assert.equal(machine.clock.pending, 0);
  });

  it("tells a late holder what the failure is", async () => {
    const { socket } = await held();
    socket.fail("EACCES");
    pool.hold(REQUEST, other);
    assert.deepEqual(other.events, ["port 5000 needs privileges that this process does not have"]);
  });

  it("waits no longer than ten seconds between retries", async () => {
    const { socket } = await held();
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
    const { socket } = await held();
    socket.emit("listening");
    socket.fail("ENETDOWN");
    socket.fail("EBADF");
    assert.equal(socket.closing, true);
    machine.clock.advance(250);
    machine.sockets[1]?.emit("listening");
    assert.deepEqual(holder.events, ["bound 65536", "port 5000: ENETDOWN", "bound 65536"]);
  });

  it("stops retrying once released", async () => {
    const { socket, release } = await held();
    socket.fail("EADDRINUSE");
    socket.emit("close");
    await release();
    assert.equal(machine.clock.pending, 0);
  });

  it("binds the address of an interface, by the family", async () => {
    assert.equal((await held({ address: "eth0" })).socket.bindRequest?.address, "192.0.2.7");
    assert.equal((await held({ address: "eth0", family: "udp6" })).socket.bindRequest?.address, "2001:db8::7");
  });

  it("names the interfaces there are when one is unknown, and binds once it is there", async () => {
    const failed = new Promise<void>((resolve) => {
      holder.failed = ({ message }) => {
        holder.events.push(message);
        resolve();
      };
    });
    pool.hold({ ...REQUEST, address: "wlan0" }, holder);
    await failed;
    assert.match(
      holder.events[0] ?? "",
      /"wlan0" is neither an IP address nor an interface of this machine, which has: eth0$/,
    );

    machine.interfaces = { ...machine.interfaces, wlan0: machine.interfaces.eth0 ?? [] };
    machine.clock.advance(250);
    assert.equal(machine.sockets[0]?.bindRequest?.address, "192.0.2.7");
  });

  it("refuses an IPv6 address for udp4", async () => {
    const failed = new Promise<string>((resolve) => {
      holder.failed = ({ message }) => resolve(message);
    });
    pool.hold({ ...REQUEST, address: "::1" }, holder);
    assert.match(await failed, /::1 is IPv6, which family udp4 cannot bind/);
  });

  it("leaves IPv4 to its holder when udp6 finds that part of the port taken; dual fails", async () => {
    const { socket } = await held({ family: "udp6" });
    const reopened = machine.nextSocket();
    socket.fail("EADDRINUSE");
    socket.emit("close");
    assert.equal((await reopened).options.ipv6Only, true);
    assert.deepEqual(holder.events, []);

    const dual = await held({ family: "dual" });
    dual.socket.fail("EADDRINUSE");
    assert.deepEqual(holder.events, ["port 5000 is in use by another socket"]);
  });

  describe("with multicast groups that cannot be bound to", () => {
    const GROUPS = ["239.1.1.1", "239.1.1.2"];

    beforeEach(() => {
      pool = new SocketPool(Object.assign(machine, { bindsGroups: false }));
    });

    it("shares the port and joins on the interface of the address", async () => {
      const { socket } = await held({ address: "eth0", groups: GROUPS });
      assert.deepEqual(socket.bindRequest, { port: 5000, exclusive: true });
      assert.equal(socket.options.reuseAddr, true);
      socket.emit("listening");
      assert.deepEqual(socket.memberships, ["239.1.1.1@192.0.2.7", "239.1.1.2@192.0.2.7"]);
    });

    it("joins a group once for several holders and leaves it with the last, on the same interface", async () => {
      const { socket, release } = await held({ address: "eth0", groups: GROUPS });
      pool.hold({ ...REQUEST, address: "eth0", groups: ["239.1.1.1", "239.1.1.3"] }, other);
      socket.emit("listening");
      await release();
      assert.deepEqual(socket.memberships, ["239.1.1.1@192.0.2.7", "239.1.1.3@192.0.2.7"]);
    });

    it("reopens a socket whose first group comes later", async () => {
      const { socket } = await held();
      socket.emit("listening");
      const reopened = machine.nextSocket();
      pool.hold({ ...REQUEST, groups: GROUPS }, other);
      socket.emit("close");
      assert.equal((await reopened).options.reuseAddr, true);
    });

    it("tells only those who want it of a group that cannot be joined, and joins it later", async () => {
      const { socket } = await held();
      pool.hold({ ...REQUEST, groups: GROUPS }, other);
      const reopened = machine.nextSocket();
      socket.emit("close");
      const multicast = await reopened;
      multicast.refused.add("239.1.1.2");
      multicast.emit("listening");
      assert.deepEqual(holder.events, ["bound 65536"]);
      assert.deepEqual(other.events, ["bound 65536", "group 239.1.1.2 on port 5000: EINVAL"]);

      multicast.refused.clear();
      machine.clock.advance(250);
      assert.equal(multicast.memberships.length, 2);
      assert.equal(other.events.at(-1), "bound 65536");
    });

    it("leaves and joins every group each minute, and stops once released", async () => {
      const { socket, release } = await held({ groups: GROUPS });
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
      assert.deepEqual(holder.events, ["bound 65536"]);

      const released = release();
      socket.emit("close");
      await released;
      assert.equal(machine.clock.pending, 0);
    });

    it("joins again when an interface comes back, with another address too", async () => {
      const { socket } = await held({ address: "eth0", groups: GROUPS });
      socket.emit("listening");
      const { eth0 = [] } = machine.interfaces;
      machine.interfaces = {};
      socket.memberships.length = 0;
      machine.clock.advance(60_000);
      assert.match(holder.events.at(-1) ?? "", /"eth0" is neither/);

      machine.interfaces = { eth0: eth0.map((info) => ({ ...info, address: "192.0.2.99" })) };
      machine.clock.advance(250);
      assert.deepEqual(socket.memberships, ["239.1.1.1@192.0.2.99", "239.1.1.2@192.0.2.99"]);
      assert.equal(holder.events.at(-1), "bound 65536");
    });

    it("counts a group as joined that it could not leave", async () => {
      const { socket } = await held({ groups: GROUPS });
      socket.emit("listening");
      socket.dropMembership = () => {
        throw Object.assign(new Error("ENODEV"), { code: "ENODEV" });
      };
      socket.addMembership = () => {
        throw Object.assign(new Error("EADDRINUSE"), { code: "EADDRINUSE" });
      };
      machine.clock.advance(60_000);
      assert.deepEqual(holder.events, ["bound 65536"]);
    });

    it("joins each group on the interface in the form of its family, whatever that of the socket", async () => {
      for (const address of ["eth0", "192.0.2.7", "2001:db8::7"]) {
        const { socket, release } = await held({ address, family: "udp6", groups: ["239.1.1.1", "ff15::1"] });
        socket.emit("listening");
        assert.deepEqual(socket.memberships, ["239.1.1.1@192.0.2.7", "ff15::1@::%eth0"], address);
        const released = release();
        socket.emit("close");
        await released;
      }
    });

    it("joins what a single source sends to a group", async () => {
      const { socket } = await held({ groups: ["232.1.2.3@10.0.0.5", "ff3e::1@2001:db8::5"] });
      socket.emit("listening");
      assert.deepEqual(socket.memberships, ["10.0.0.5>232.1.2.3@undefined", "2001:db8::5>ff3e::1@undefined"]);
    });
  });

  describe("with multicast groups", () => {
    const GROUP: Partial<SocketRequest> = { groups: ["239.1.1.1"] };

    it("binds to the group, so that nothing else is heard", async () => {
      const addressOf = async (changes: Partial<SocketRequest>) => (await held(changes)).socket.bindRequest?.address;
      assert.equal(await addressOf(GROUP), "239.1.1.1");
      assert.equal(await addressOf({ groups: ["232.1.2.3@10.0.0.5"] }), "232.1.2.3");
      assert.equal(await addressOf({ ...GROUP, family: "dual" }), "::ffff:239.1.1.1");
      assert.equal(await addressOf({ groups: ["ff02::5"], family: "udp6", address: "eth0" }), "ff02::5%eth0");
    });

    it("has a socket for each of several, and is bound once all are", async () => {
      const { socket, release } = await held({ groups: ["239.1.1.1", "239.1.1.2", "239.1.1.1"] });
      await new Promise((resolve) => setImmediate(resolve));
      const [, second] = machine.sockets;
      assert.deepEqual(
        machine.sockets.map(({ bindRequest }) => bindRequest?.address),
        ["239.1.1.1", "239.1.1.2"],
      );
      socket.emit("listening");
      assert.deepEqual(holder.events, []);
      second?.emit("listening");
      assert.deepEqual(holder.events, ["bound 65536"]);
      second?.emit("message", Buffer.from("21"), { address: "192.0.2.1", port: 9 });
      assert.equal(holder.events.at(-1), "21 from 192.0.2.1:9");

      const released = release();
      for (const each of machine.sockets) each.emit("close");
      await released;
      assert.equal(machine.clock.pending, 0);
    });

    it("listens on all addresses if the system refuses this one", async () => {
      const { socket } = await held(GROUP);
      const reopened = machine.nextSocket();
      socket.fail("EINVAL");
      socket.emit("close");
      assert.equal((await reopened).bindRequest?.address, undefined);
      assert.deepEqual(holder.events, []);
    });

    it("has a socket of its own, and the others on that port open again to share it", async () => {
      const { socket: all } = await held();
      all.emit("listening");
      assert.equal(all.options.reuseAddr, false);
      const reopened = machine.nextSocket();
      pool.hold({ ...REQUEST, ...GROUP }, other);
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

  describe("kernel drops", () => {
    const ROW = (local: string, inode: number, drops: number) =>
      `  1: ${local} 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 ${inode} 2 00000000 ${drops}\n`;

    it("are counted from the beginning of each hold, and go on when the socket opens again", async () => {
      const opened = machine.nextSocket();
      const first = pool.hold(REQUEST, holder);
      (await opened).emit("listening");
      assert.equal(first.kernelDrops(), undefined);
      machine.table = ROW("00000000:1388", 7, 5);
      const second = pool.hold(REQUEST, other);
      machine.table = ROW("00000000:1388", 7, 12);
      machine.clock.advance(1000);
      assert.deepEqual([first.kernelDrops(), second.kernelDrops()], [12, 7]);

      machine.sockets[0]?.fail("EIO");
      machine.table = ROW("00000000:1388", 8, 0);
      machine.clock.advance(250);
      machine.sockets[1]?.emit("listening");
      assert.deepEqual([first.kernelDrops(), second.kernelDrops()], [12, 7]);
      machine.table = ROW("00000000:1388", 8, 3);
      machine.clock.advance(1000);
      assert.deepEqual([first.kernelDrops(), second.kernelDrops()], [15, 10]);
    });
  });
});
