import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PackageReplacedError } from "../../../../nodes/lib/installation/installation";
import { inEnglish, sentence } from "../../../../nodes/lib/text/sentence";
import type { BroadcastServerOptions } from "../../../../nodes/lib/ws/server-options";
import { BroadcastHarness, type HarnessOptions } from "../../../support/broadcast-harness";
import { rawSocket, upgradeRequest } from "../../../support/raw-http";
import { until } from "../../../support/until";
import type { WsClient } from "../../../support/ws-client";
import { startOwner } from "./owner";

/** A process may take long to start while the machine has other things to do. */
const START_TIMEOUT_MS = 20_000;
const SENDER_SOURCE = join(__dirname, "../../../../nodes/lib/ws/senders/sender-process.ts");

describe("sender processes", () => {
  let server: BroadcastHarness;
  const start = async (settings: Partial<BroadcastServerOptions> = {}, options: HarnessOptions = {}): Promise<void> => {
    server = await BroadcastHarness.start({ ...options, settings: { senders: 2, ...settings } });
  };
  const pids = (): number[] => server.broadcast.senders?.pids ?? [];
  const seqOf = (message: unknown): string => (message as { seq: string }).seq;
  afterEach(() => server.stop());

  it("run from their sources where these are, and serve clients in other processes than this", async () => {
    await start({ senders: 1 }, { senderProgram: SENDER_SOURCE });
    const client = await server.connect();
    server.publish("t", "from another process");
    assert.equal(await client.next(), "from another process");
    assert.equal(server.broadcast.senders?.counts().delivered, 0);
    assert.equal((await server.counts()).delivered, 1);
    assert.equal(server.broadcast.senders?.counts().delivered, 1);
  }).timeout(90_000);

  it("are each given the same number of clients", async () => {
    await start();
    const clients: WsClient[] = [];
    for (let n = 0; n < 6; n++) clients.push(await server.connect());
    process.kill(pids()[0] as number, "SIGKILL");
    await until(() => server.events.filter(({ event }) => event === "left").length === 3, "not half of them left");
    assert.equal(server.broadcast.clientCount, 3);
  });

  it("tell how long their passes take, when counts are asked for at the latest", async () => {
    const passes: [number, number][] = [];
    await start({ senders: 1 }, { onPass: (durationMs, waitedMs) => passes.push([durationMs, waitedMs]) });
    const client = await server.connect();
    server.publish("t");
    await client.next();
    await server.counts();
    const [[durationMs, waitedMs] = []] = passes;
    assert.ok(durationMs !== undefined && waitedMs !== undefined && 0 <= durationMs && durationMs <= waitedMs);
  });

  it("keep all counts, wherever clients are", async () => {
    await start();
    const [all, some] = [await server.connect(), await server.connect("?topic=a")];
    for (const topic of ["a", "b", "a"]) server.publish(topic);
    for (let n = 0; n < 3; n++) await all.next();
    for (let n = 0; n < 2; n++) await some.next();
    await some.close();
    await until(() => server.broadcast.clientCount === 1, "the client did not leave");
    const counts = await server.counts();
    assert.deepEqual(
      [counts.offered, counts.delivered, counts.pending, counts.clients, counts.published, counts.unknown],
      [5, 5, 0, 1, 3, 0],
    );
    const [left] = server.events.slice(-1);
    assert.ok(left?.event === "left");
    assert.deepEqual([left.delivered, left.offered, left.unknown], [2, 2, undefined]);
  });

  it("tell the editor of their clients", async () => {
    await start();
    await server.connect("?topic=a/%23");
    const client = await server.connect("?topic=b");
    server.publish("b");
    await client.next();
    server.publish("a/1");
    await server.broadcast.refresh();
    const { inspector } = server.broadcast;
    const { rows } = await inspector.topics({ page: 0, search: "", order: "name" } as never);
    assert.deepEqual(rows.map(({ topic, clients }) => [topic, clients]).sort(), [
      ["a/1", 1],
      ["b", 1],
    ]);
    assert.equal(inspector.clients({ page: 0, search: "" } as never).rows[1]?.delivered, 1);
  });

  describe("one of which is killed", () => {
    it("is replaced; its clients go on where they were, and those of the others notice nothing", async () => {
      await start({ logBytes: 8 * 1024 * 1024 });
      const clients = [await server.connect("?envelope=1"), await server.connect("?envelope=1")];
      const feed = setInterval(() => server.publish("t", "x".repeat(100)), 1);
      server.after(() => clearInterval(feed));
      const firsts = new Map<WsClient, string>();
      for (const client of clients) firsts.set(client, seqOf(await client.nextJson()));
      const victims = clients.map((client) => client.closed.then((closing) => ({ client, closing })));
      process.kill(pids()[0] as number, "SIGKILL");
      const { client: victim, closing } = await Promise.race(victims);
      assert.equal(closing.code, 1006);
      let last = firsts.get(victim) as string;
      while (victim.queued > 0) last = seqOf(await victim.nextJson());
      const back = await server.connect(`?envelope=1&since=${last}`);
      const [epoch, seq = ""] = last.split(".");
      for (let next = Number(seq) + 1; next <= Number(seq) + 100; next++) {
        assert.equal(seqOf(await back.nextJson()), `${epoch}.${next}`);
      }
      const survivor = clients.find((client) => client !== victim) as WsClient;
      let before = Number(seqOf(await survivor.nextJson()).split(".")[1]);
      for (let n = 0; n < 100; n++) {
        const now = Number(seqOf(await survivor.nextJson()).split(".")[1]);
        assert.equal(now, before + 1);
        before = now;
      }
      await server.broadcast.senders?.ready();
      assert.equal(pids().length, 2);
      const left = server.events.find(({ event }) => event === "left");
      assert.ok(left?.event === "left" && left.unknown && left.reason === "sender process ended");
      assert.equal((await server.counts()).unknown, 1);
      assert.match(JSON.stringify(server.notices), /senders\.ended/);
    });

    it("is followed by one that knows what was published before, as long as the log, the history and the topics do", async () => {
      await start({ senders: 1, logBytes: 64 * 1024, historyReadings: 3 });
      for (let n = 1; n <= 5; n++) server.publish("early", `early ${n}`);
      server.publish("forgotten");
      server.broadcast.forget("forgotten");
      // More than the log holds.
      for (let n = 0; n < 100; n++) server.publish("late", `${n} ${"x".repeat(1000)}`);
      process.kill(pids()[0] as number, "SIGKILL");
      await until(() => server.notices.length > 0, "nobody noticed");
      await server.broadcast.senders?.ready();
      const client = await server.connect();
      assert.deepEqual([await client.next(), String(await client.next()).slice(0, 3)], ["early 5", "99 "]);
      const history = await server.connect("?history=3&topic=early");
      assert.deepEqual(
        [await history.next(), await history.next(), await history.next()],
        ["early 3", "early 4", "early 5"],
      );
      server.publish("now");
      assert.equal(await client.next(), "now");
    });
  });

  it("that do not run on are replaced", async () => {
    await start({ senders: 1 });
    const client = await server.connect();
    const [stopped] = pids();
    process.kill(stopped as number, "SIGSTOP");
    assert.equal((await client.closed).code, 1006);
    await server.broadcast.senders?.ready();
    assert.notEqual(pids()[0], stopped);
    server.publish("t", "goes on");
    assert.equal(await (await server.connect()).next(), "goes on");
  });

  it("that do not read hold up no memory, and are replaced when the log has given up what they have yet to get", async () => {
    await start({ senders: 1, logBytes: 1024 * 1024 });
    process.kill(pids()[0] as number, "SIGSTOP");
    const body = "x".repeat(10_000);
    await until(() => {
      for (let n = 0; n < 20; n++) server.publish("t", body);
      return server.notices.length > 0;
    }, "it was not replaced");
    assert.match(JSON.stringify(server.notices), /did not keep up/);
  });

  it("that just died get no client: another one does, and nobody notices", async () => {
    await start();
    for (const pid of pids()) process.kill(pid, "SIGSTOP");
    const clients = [server.connect(), server.connect()];
    // Both are on their way to a sender that does not take them.
    await until(() => server.broadcast.senders?.waiting === 2, "nobody is on their way");
    for (const pid of pids()) process.kill(pid, "SIGKILL");
    await Promise.all(clients);
    server.publish("t", "taken elsewhere");
    for (const client of clients) assert.equal(await (await client).next(), "taken elsewhere");
  });

  it("are not needed for a client that hangs up on its way to them", async () => {
    await start({ senders: 1, maxClients: 1 });
    const [pid = 0] = pids();
    process.kill(pid, "SIGSTOP");
    const socket = await rawSocket(server.port);
    socket.write(upgradeRequest({ port: server.port }));
    await until(() => server.broadcast.senders?.waiting === 1, "it is not on its way");
    const gone = once(socket, "close");
    socket.resetAndDestroy();
    await gone;
    process.kill(pid, "SIGCONT");
    await until(() => server.broadcast.senders?.waiting === 0, "it is still waited for");
    const client = await server.connect();
    server.publish("t", "its place is free");
    assert.equal(await client.next(), "its place is free");
  });

  it("end with the server", async () => {
    await start();
    const all = pids();
    await server.connect();
    await server.broadcast.shutdown();
    for (const pid of all) assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
  });

  it("are done without where their files are those of another version, with a notice that says to restart", async () => {
    server = await BroadcastHarness.start(
      {
        settings: { senders: 1 },
        checkFiles: () => {
          throw new PackageReplacedError(sentence("installation.replaced", { installed: "2.0.0", running: "1.0.0" }));
        },
      },
      { awaitsSenders: false },
    );
    assert.deepEqual(pids(), []);
    const client = await server.connect();
    server.publish("t", "from here");
    assert.equal(await client.next(), "from here");
    assert.equal(server.notices.length, 1);
    assert.match(server.notices.map(inEnglish).join(), /version 2\.0\.0 .*restart Node-RED/);
  });

  for (const { what, program, execPath } of [
    { what: "ends at once", program: "/nowhere/sender-process.js", execPath: process.execPath },
    { what: "cannot be started", program: undefined, execPath: "/nowhere/node" },
  ]) {
    it(`are done without where one ${what}, with a notice`, async () => {
      const { execPath: before } = process;
      process.execPath = execPath;
      try {
        server = await BroadcastHarness.start(
          { settings: { senders: 1 }, ...(program && { senderProgram: program }) },
          { awaitsSenders: false },
        );
        const client = await server.connect();
        server.publish("t", "from here");
        assert.equal(await client.next(), "from here");
        await until(() => server.notices.length > 0, "nobody was told", START_TIMEOUT_MS);
        assert.match(JSON.stringify(server.notices), /senders\.unavailable/);
        assert.equal(server.broadcast.senders?.counts().delivered, 0);
      } finally {
        process.execPath = before;
      }
    });
  }
});

/** Orphans are looked for on Linux only. */
describe("a sender process", () => {
  it("is no longer there when main was killed", async function () {
    if (process.platform !== "linux") this.skip();
    const { owner, pids } = await startOwner();
    owner.kill("SIGKILL");
    await once(owner, "exit");
    const isRunning = (pid: number): boolean => {
      try {
        return !/^\S+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
      } catch {
        return false;
      }
    };
    await until(() => !pids.some(isRunning), "there are orphans");
  }).timeout(90_000);
});
