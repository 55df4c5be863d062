import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { SocketRequest } from "../../../../nodes/lib/udp/socket/socket-lease";
import { SocketPool } from "../../../../nodes/lib/udp/socket/socket-pool";
import { freeUdpPort } from "../../../support/free-port";
import { REQUEST } from "../../../support/pool-under-test";
import { SOCKET_ENVIRONMENTS } from "../../../support/socket-environments";
import { SocketInbox } from "../../../support/socket-inbox";
import { bindSocket, closeSocket } from "../../../support/udp";

const LOOPBACK = "127.0.0.1";

for (const [where, environment] of Object.entries(SOCKET_ENVIRONMENTS)) {
  describe(`multicast and broadcast on the loopback interface, received on ${where}`, () => {
    let port: number;
    let releases: (() => Promise<void>)[];
    const pool = new SocketPool(environment);

    before(async function () {
      const socket = await bindSocket();
      try {
        socket.addMembership("239.1.1.1", LOOPBACK);
      } catch (error) {
        console.error(`multicast cannot be tested: the loopback interface refuses groups: ${error}`);
        this.skip();
      } finally {
        await closeSocket(socket);
      }
    });

    beforeEach(async () => {
      port = await freeUdpPort();
      releases = [];
    });

    afterEach(() => Promise.all(releases.map((release) => release())));

    async function receive(changes: Partial<SocketRequest>): Promise<SocketInbox> {
      const inbox = new SocketInbox();
      releases.push(pool.lease({ ...REQUEST, port, ...changes }, inbox).release);
      await inbox.isBound();
      return inbox;
    }

    async function send(text: string, to: string): Promise<void> {
      const socket = createSocket("udp4");
      socket.bind(0, LOOPBACK);
      await once(socket, "listening");
      socket.setMulticastInterface(LOOPBACK);
      socket.setBroadcast(true);
      await new Promise<void>((resolve, reject) => {
        socket.send(text, port, to, (error) => (error ? reject(error) : resolve()));
      });
      await closeSocket(socket);
    }

    it("keeps two groups on one port apart", async function () {
      if (process.platform === "win32") this.skip();
      const one = await receive({ address: LOOPBACK, groups: ["239.1.1.1"] });
      const two = await receive({ address: LOOPBACK, groups: ["239.1.1.2"] });
      for (const group of ["239.1.1.1", "239.1.1.2"])
        for (const text of ["a", "b"]) await send(`${text} to ${group}`, group);
      assert.deepEqual(await one.untilText("b to 239.1.1.1"), ["a to 239.1.1.1", "b to 239.1.1.1"]);
      assert.deepEqual(await two.untilText("b to 239.1.1.2"), ["a to 239.1.1.2", "b to 239.1.1.2"]);
    });

    it("receives several groups and nothing else", async function () {
      if (process.platform === "win32") this.skip();
      const inbox = await receive({ address: LOOPBACK, groups: ["239.1.1.1", "239.1.1.2"] });
      const other = await receive({ address: LOOPBACK, groups: ["239.1.1.3"] });
      for (const to of [LOOPBACK, "239.1.1.3", "239.1.1.1"]) await send(`to ${to}`, to);
      await inbox.untilText("to 239.1.1.1");
      await send("to 239.1.1.2", "239.1.1.2");
      assert.deepEqual(await inbox.untilText("to 239.1.1.2"), ["to 239.1.1.1", "to 239.1.1.2"]);
      assert.deepEqual(other.texts, ["to 239.1.1.3"]);
    });

    it("lets a socket for all addresses and one for a group have the same port, whichever comes first", async () => {
      const all = await receive({});
      const group = await receive({ address: LOOPBACK, groups: ["239.1.1.1"] });
      await send("to the group", "239.1.1.1");
      await group.untilText("to the group");
      await send("to an address", LOOPBACK);
      await all.untilText("to an address");
      await Promise.all(releases.splice(0).map((release) => release()));

      const groupFirst = await receive({ address: LOOPBACK, groups: ["239.1.1.1"] });
      const allSecond = await receive({});
      await send("to an address", LOOPBACK);
      await allSecond.untilText("to an address");
      await send("to the group", "239.1.1.1");
      assert.deepEqual(await groupFirst.untilText("to the group"), ["to the group"]);
    });

    it("receives from one source of a group, and not from another", async function () {
      if (process.platform !== "linux") this.skip();
      const wanted = await receive({ address: LOOPBACK, groups: [`232.1.1.1@${LOOPBACK}`] });
      const unwanted = await receive({ address: LOOPBACK, groups: ["232.1.1.1@127.0.0.9"] });
      await send("hello", "232.1.1.1");
      await wanted.untilText("hello");
      await send("twice", "232.1.1.1");
      await wanted.untilText("twice");
      assert.deepEqual(unwanted.texts, []);
    });

    it("receives broadcasts", async function () {
      if (process.platform !== "linux") this.skip();
      const inbox = await receive({});
      await send("to all", "127.255.255.255");
      await inbox.untilText("to all");
    });
  });
}
