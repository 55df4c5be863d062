import assert from "node:assert/strict";
import type { Feed } from "../../../nodes/lib/client/feed";
import { FeedError } from "../../../nodes/lib/client/feed-status";
import { DISCONNECTED_BY_FLOW } from "../../../nodes/lib/ws/clients/close-reasons";
import { BroadcastHarness } from "../../support/broadcast-harness";
import { FeedUnderTest } from "../../support/feed-under-test";

describe("feed", () => {
  let server: BroadcastHarness;

  const listen = (options: Partial<ConstructorParameters<typeof FeedUnderTest>[0]> = {}) => {
    const listening = new FeedUnderTest({ url: server.url(), ...options });
    server.after(() => listening.feed.close());
    return listening;
  };
  const take = async (feed: Feed, count: number) => {
    const iterator = feed[Symbol.asyncIterator]();
    const readings = [];
    for (let taken = 0; taken < count; taken++) readings.push((await iterator.next()).value);
    return readings;
  };
  const restart = async (): Promise<void> => {
    for (const { client } of server.broadcast.clients()) {
      server.broadcast.disconnect(client, { code: 1012, reason: "service restart" });
    }
  };

  beforeEach(async () => {
    server = await BroadcastHarness.start();
  });
  afterEach(() => server.stop());

  describe("readings", () => {
    it("come in order, with topic, time and sequence number", async () => {
      const { feed } = listen();
      server.publish("a", "one");
      server.broadcast.publish("b", { kind: "json", body: '{"value":2}' }, { time: 1700000000000 });
      const [one, two] = await take(feed, 2);
      assert.equal(one?.topic, "a");
      assert.equal(one?.payload, "one");
      assert.deepEqual([two?.topic, two?.payload, two?.time], ["b", { value: 2 }, 1700000000000]);
      assert.match(two?.seq ?? "", /^[\w-]+\.\d+$/);
    });

    it("come in batches, if it asks for that", async () => {
      for (let i = 0; i < 5; i++) server.publish(`t/${i}`, String(i));
      const { feed, calls } = listen({ batch: true });
      assert.deepEqual(
        (await take(feed, 5)).map((reading) => reading?.payload),
        ["0", "1", "2", "3", "4"],
      );
      assert.equal(calls[0]?.searchParams.get("batch"), "json");
    });

    it("end with the feed, in the middle of a batch, too", async () => {
      for (let i = 0; i < 5; i++) server.publish(`t/${i}`, String(i));
      const { feed } = listen({ batch: true });
      const received: unknown[] = [];
      await new Promise<void>((resolve) => {
        feed.on("reading", ({ payload }) => {
          received.push(payload);
          feed.close();
          setImmediate(resolve);
        });
      });
      assert.deepEqual(received, ["0"]);
    });

    it("of bytes are bytes", async () => {
      const { feed } = listen();
      server.broadcast.publish("a", { kind: "binary", body: Buffer.from([0, 127, 255]) }, {});
      assert.deepEqual((await take(feed, 1))[0]?.payload, new Uint8Array([0, 127, 255]));
    });

    it("are of the topics, the mode and the rate that were asked for", async () => {
      const { feed, calls } = listen({ topics: ["plant/+/temp", "a b"], mode: "latest", every: 250 });
      server.publish("plant/1/temp");
      server.publish("other");
      server.publish("a b");
      assert.deepEqual(
        (await take(feed, 2)).map((reading) => reading?.topic),
        ["plant/1/temp", "a b"],
      );
      const asked = calls[0]?.searchParams;
      assert.deepEqual([asked?.get("mode"), asked?.get("every"), asked?.get("since")], ["latest", "250", null]);
    });

    it("reach everybody who listens, until they stop", async () => {
      const listening = listen();
      const { feed } = listening;
      await listening.become("open");
      const heard: string[] = [];
      const stop = feed.on("reading", ({ topic }) => heard.push(topic));
      server.publish("a");
      assert.equal((await take(feed, 1))[0]?.topic, "a");
      stop();
      server.publish("b");
      assert.equal((await take(feed, 1))[0]?.topic, "b");
      assert.deepEqual(heard, ["a"]);
    });
  });

  describe("after its connection is lost", () => {
    for (const options of [{ mode: "stream" }, {}] as const) {
      it(`goes on without a gap or a reading twice (${JSON.stringify(options)})`, async () => {
        const listening = listen(options);
        const received: unknown[] = [];
        listening.feed.on("reading", ({ payload }) => received.push(payload));
        await listening.become("open");
        for (let n = 0; n < 10; n++) server.publish("a", `${n}`);
        await take(listening.feed, 10);
        // For modes that resume a little earlier than where they were.
        listening.clock.skip(10_000);
        for (let n = 10; n < 20; n++) server.publish("a", `${n}`);
        await take(listening.feed, 10);
        await restart();
        await listening.become("waiting");
        for (let n = 20; n < 30; n++) server.publish("a", `${n}`);
        listening.clock.skip(1000);
        await take(listening.feed, 10);
        assert.deepEqual(
          received,
          Array.from({ length: 30 }, (_, n) => `${n}`),
        );
      });
    }

    it("has no gap either when that happens at once, unless the server may leave readings out", async () => {
      const listening = listen();
      await listening.become("open");
      server.publish("a", "0");
      await take(listening.feed, 1);
      await restart();
      await listening.become("waiting");
      for (let n = 1; n < 10; n++) server.publish("a", `${n}`);
      listening.clock.skip(1000);
      const payloads = (await take(listening.feed, 9)).map((reading) => reading?.payload);
      assert.deepEqual(
        payloads,
        Array.from({ length: 9 }, (_, n) => `${n + 1}`),
      );
    });

    it("has the newest reading of each topic, and none twice, in a mode that takes topics in turns", async () => {
      const listening = listen({ mode: "latest" });
      await listening.become("open");
      const received: string[] = [];
      const complete = new Promise<void>((resolve) => {
        listening.feed.on("reading", ({ topic, payload }) => {
          received.push(`${topic} ${payload}`);
          if (received.includes("a 3") && received.includes("b 3")) resolve();
        });
      });
      server.publish("a", "1");
      server.publish("b", "1");
      await take(listening.feed, 2);
      listening.clock.skip(10_000);
      server.publish("a", "2");
      server.publish("b", "2");
      await take(listening.feed, 2);
      await restart();
      await listening.become("waiting");
      server.publish("b", "3");
      server.publish("a", "3");
      listening.clock.skip(1000);
      await complete;
      assert.deepEqual(received, [...new Set(received)]);
    });

    it("tells that readings were missed when the server has them no more", async () => {
      const listening = listen({ mode: "stream" });
      await listening.become("open");
      server.publish("a", "first");
      await take(listening.feed, 1);
      await restart();
      await listening.become("waiting");
      const large = "x".repeat(100_000);
      for (let n = 0; n < 20; n++) server.publish("a", large);
      const missed = new Promise((resolve) => listening.feed.on("missed", () => resolve("missed")));
      listening.clock.skip(1000);
      assert.equal(await missed, "missed");
      assert.equal((await take(listening.feed, 1))[0]?.payload, large);
    });

    it("waits longer each time, until something is received", async () => {
      const listening = listen();
      await listening.become("open");
      const waits: number[] = [];
      for (let attempt = 0; attempt < 3; attempt++) {
        await restart();
        const { retryAt = 0, reason, code } = await listening.become("waiting");
        assert.deepEqual([reason, code], ["service restart", 1012]);
        waits.push(Math.round((retryAt - listening.clock.wallTime()) / 1000));
        listening.clock.skip(20_000);
        await listening.become("open");
      }
      assert.deepEqual(waits, [1, 2, 4]);
    });

    it("does not come back when a flow has disconnected it, unless told to", async () => {
      const listening = listen();
      await listening.become("open");
      const next = listening.feed[Symbol.asyncIterator]().next();
      server.broadcast.disconnect(server.broadcast.clients()[0]?.client ?? "", DISCONNECTED_BY_FLOW);
      const { reason, code } = await listening.become("refused");
      assert.deepEqual([reason, code], ["disconnected by the flow", 1000]);
      await assert.rejects(next, FeedError);
      listening.feed.reconnect();
      await listening.become("open");
      server.publish("a");
      assert.equal((await take(listening.feed, 1))[0]?.topic, "a");
    });
  });

  it("closes when its loop is left, and lets nothing go on", async () => {
    const { feed, page } = listen();
    server.publish("a");
    for await (const { topic } of feed) {
      assert.equal(topic, "a");
      break;
    }
    assert.equal(feed.state, "closed");
    assert.equal(page.isWatched, false);
    feed.reconnect();
    assert.equal(feed.state, "closed");
  });

  it("closes when its signal says so", async () => {
    const controller = new AbortController();
    const { feed } = listen({ signal: controller.signal });
    const done = feed[Symbol.asyncIterator]().next();
    controller.abort();
    assert.deepEqual(await done, { done: true, value: undefined });
  });

  it("lets the oldest readings give way for a consumer that is too slow, and counts them", async () => {
    const listening = listen({ buffer: 8 });
    await listening.become("open");
    const dropped: number[] = [];
    listening.feed.on("dropped", (count) => dropped.push(count));
    const iterator = listening.feed[Symbol.asyncIterator]();
    const last = new Promise<void>((resolve) => {
      listening.feed.on("reading", ({ topic }) => topic === "last" && resolve());
    });
    for (let n = 0; n < 9; n++) server.publish("a", `${n}`);
    server.publish("last");
    await last;
    assert.deepEqual(dropped, [3]);
    assert.equal(listening.feed.dropped, 3);
    assert.equal((await iterator.next()).value?.payload, "3");
  });

  it("refuses an address that is none", () => {
    assert.throws(() => new FeedUnderTest({ url: "ftp://host/ws" }), /url must be of ws, wss, http or https, not ftp:/);
  });
});
