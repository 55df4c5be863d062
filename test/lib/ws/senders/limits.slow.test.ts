import assert from "node:assert/strict";
import { BroadcastHarness } from "../../../support/broadcast-harness";
import { HAS_LIMITS, limitFiles } from "../../../support/process-limits";
import { until } from "../../../support/until";
import { WsClient } from "../../../support/ws-client";
import { startLimitedOwner } from "./limited-owner";

/** For the sockets that a server listens on and has accepted; a process takes more to start. */
const SPARE_FILES = 4;

type Owner = Awaited<ReturnType<typeof startLimitedOwner>>;

describe("limits of the system", () => {
  before(function () {
    if (!HAS_LIMITS) this.skip();
  });

  for (const { what, limit, says } of [
    {
      what: "files open",
      limit: async ({ child }: Owner) => limitFiles(child.pid ?? 0, SPARE_FILES),
      says: /as many files open/,
    },
    {
      what: "processes",
      async limit(owner: Owner) {
        await owner.call("forbidProcesses");
        return () => owner.call("allowProcesses");
      },
      says: /no more processes now, EAGAIN/,
    },
  ]) {
    it(`on the number of ${what}: where no sender can be started, Node-RED serves the clients until one can be`, async () => {
      const owner = await startLimitedOwner();
      try {
        const unlimit = await limit(owner);
        const url = `ws://127.0.0.1:${await owner.call("start", owner.program)}/ws`;
        const early = await WsClient.connect(url);
        await until(async () => (await owner.call("notices")).length > 0, "nobody was told");
        const [notice = ""] = await owner.call("notices");
        assert.match(notice, /^clients are served by Node-RED itself, as if senders were 0/);
        assert.match(notice, says);
        await owner.call("publish", "from Node-RED");
        assert.equal(await early.next(), "from Node-RED");
        assert.equal(await owner.call("sentBySenders"), 0);
        await unlimit();
        await owner.call("senderReady");
        const late = await WsClient.connect(url);
        await owner.call("publish", "from both");
        for (const client of [early, late]) assert.equal(await client.next(), "from both");
        assert.equal(await owner.call("sentBySenders"), 1);
        assert.equal((await owner.call("notices")).length, 1);
      } finally {
        await owner.stop();
      }
    }).timeout(60_000);
  }

  describe("on the files that a sender may have open", () => {
    let server: BroadcastHarness;
    afterEach(() => server.stop());
    const sent = (): number => server.broadcast.senders?.counts().delivered ?? 0;

    it("have another sender take the client", async () => {
      server = await BroadcastHarness.start({ settings: { senders: 2 } });
      limitFiles(server.broadcast.senders?.pids[0] ?? 0, 0);
      const clients = [await server.connect(), await server.connect(), await server.connect()];
      server.publish("t");
      for (const client of clients) assert.equal(await client.next(), "t");
      await server.broadcast.refresh();
      assert.equal(sent(), 3);
      assert.deepEqual(server.notices, []);
    });

    it("have Node-RED serve whom no sender can take, which it says once, until one can", async () => {
      server = await BroadcastHarness.start({ settings: { senders: 1, replay: false } });
      const unlimit = limitFiles(server.broadcast.senders?.pids[0] ?? 0, 2);
      const clients: WsClient[] = [];
      for (let n = 0; n < 5; n++) clients.push(await server.connect());
      server.publish("t");
      for (const client of clients) assert.equal(await client.next(), "t");
      await server.broadcast.refresh();
      assert.equal(sent(), 2);
      assert.deepEqual(
        server.notices.map(({ key }) => key),
        ["senders.full"],
      );
      unlimit();
      await until(async () => {
        const before = sent();
        const client = await server.connect();
        server.publish("t");
        await client.next();
        await client.close();
        await server.broadcast.refresh();
        return sent() === before + 3;
      }, "no sender takes anybody any more");
    });
  });
});
