import { deepEqual, equal, ok } from "node:assert/strict";
import type { SocketLease, SocketRequest } from "../../../../nodes/lib/udp/socket/socket-lease";
import { SocketPool } from "../../../../nodes/lib/udp/socket/socket-pool";
import { freeUdpPort, udpPortIsFree } from "../../../support/free-port";
import { REQUEST } from "../../../support/pool-under-test";
import { SOCKET_ENVIRONMENTS } from "../../../support/socket-environments";
import { SocketInbox } from "../../../support/socket-inbox";
import { bindSocket, closeSocket, HAS_IPV6, send } from "../../../support/udp";

const LOOPBACK = "127.0.0.1";
const LARGEST = "x".repeat(65_507);

for (const [where, environment] of Object.entries(SOCKET_ENVIRONMENTS)) {
  describe(`sockets of the system, on ${where}`, () => {
    let port: number;
    let leases: SocketLease[];
    const pool = new SocketPool(environment);

    beforeEach(async () => {
      port = await freeUdpPort();
      leases = [];
    });

    afterEach(() => Promise.all(leases.map((lease) => lease.release())));

    function lease(changes: Partial<SocketRequest> = {}): SocketInbox {
      const inbox = new SocketInbox();
      leases.push(pool.lease({ ...REQUEST, port, ...changes }, inbox));
      return inbox;
    }

    async function receive(changes: Partial<SocketRequest> = {}): Promise<SocketInbox> {
      const inbox = lease(changes);
      await inbox.isBound();
      return inbox;
    }

    it("receive datagrams of any length, in order, with their sender and the time of their arrival", async () => {
      const inbox = await receive();
      const before = Date.now();
      const from = await send(port, ["one", "", LARGEST, "last"]);
      deepEqual(await inbox.untilText("last"), ["one", "", LARGEST, "last"]);
      deepEqual(inbox.senders, Array(4).fill({ address: LOOPBACK, port: from }));
      for (const arrival of inbox.arrivals) ok(arrival === undefined || (arrival >= before && arrival <= Date.now()));
    });

    it("give each of several subscribers a copy of its own", async () => {
      const [one, two] = await Promise.all([receive(), receive()]);
      await send(port, ["21"]);
      deepEqual([await one.untilText("21"), await two.untilText("21")], [["21"], ["21"]]);
      await leases[0]?.release();
      await send(port, ["22"]);
      deepEqual(await two.untilText("22"), ["21", "22"]);
      deepEqual(one.texts, ["21"]);
    });

    it("receive only what is sent to their address", async function () {
      if (process.platform === "darwin") this.skip();
      const inbox = await receive({ address: "127.0.0.1" });
      const other = await receive({ address: "127.0.0.2" });
      await send(port, ["to 1"], "127.0.0.1");
      await send(port, ["to 2"], "127.0.0.2");
      await Promise.all([inbox.untilText("to 1"), other.untilText("to 2")]);
      deepEqual([inbox.texts, other.texts], [["to 1"], ["to 2"]]);
    });

    for (const family of ["udp6", "dual"] as const) {
      it(`receive from IPv6 and IPv4, whose senders have their IPv4 address: ${family}`, async function () {
        if (!HAS_IPV6) this.skip();
        const inbox = await receive({ family });
        await send(port, ["by IPv6"], "::1");
        await send(port, ["by IPv4"], LOOPBACK);
        await inbox.untilText("by IPv4");
        deepEqual(
          inbox.senders.map(({ address }) => address),
          ["::1", LOOPBACK],
        );
      });
    }

    it("leave IPv4 to who has it (udp6), or insist on both (dual)", async function () {
      if (!HAS_IPV6) this.skip();
      const taken = await bindSocket(port);
      const inbox = await receive({ family: "udp6" });
      await send(port, ["by IPv6"], "::1");
      deepEqual(await inbox.untilText("by IPv6"), ["by IPv6"]);
      const dual = lease({ family: "dual" });
      await dual.until(() => dual.failures.length > 0);
      equal(dual.failures[0]?.code, "EADDRINUSE");
      await closeSocket(taken);
    });

    it("say that a port is taken, and have it as soon as it is free", async () => {
      const taken = await bindSocket(port);
      const inbox = lease();
      await inbox.until(() => inbox.failures.length > 0);
      equal(inbox.failures[0]?.message, `port ${port} is in use by another socket`);
      await closeSocket(taken);
      await inbox.until(() => inbox.granted.length > 0);
      await send(port, ["21"]);
      deepEqual(await inbox.untilText("21"), ["21"]);
    });

    it("say that an address is none of this machine", async () => {
      const inbox = lease({ address: "192.0.2.1" });
      await inbox.until(() => inbox.failures.length > 0);
      equal(inbox.failures[0]?.code, "EADDRNOTAVAIL");
    });

    it("say of a group that it cannot be joined", async () => {
      const inbox = lease({ address: "192.0.2.1", groups: ["239.1.1.1"] });
      await inbox.until(() => inbox.failures.length > 0);
      ok(inbox.failures[0]?.message.startsWith("group 239.1.1.1"), inbox.failures[0]?.message);
    });

    it("have the largest receive buffer that is asked for, as far as the system grants it", async () => {
      const first = await receive({ receiveBuffer: 65_536 });
      const second = await receive({ receiveBuffer: 131_072 });
      deepEqual([first.granted, second.granted], [[65_536], [131_072]]);
    });

    it("free the port with the last subscriber, and have it again at once", async () => {
      for (let round = 0; round < 5; round++) {
        const inbox = await receive();
        await send(port, [`in round ${round}`]);
        await inbox.untilText(`in round ${round}`);
        equal(await udpPortIsFree(port), false);
        await leases.pop()?.release();
        equal(await udpPortIsFree(port), true);
      }
    });

    it("count what the kernel dropped", async function () {
      if (process.platform !== "linux") this.skip();
      const inbox = await receive();
      await send(port, ["21"]);
      await inbox.untilText("21");
      deepEqual([leases[0]?.kernelDrops(), leases[0]?.threadDrops()], [0, 0]);
    });
  });
}
