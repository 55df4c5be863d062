import assert from "node:assert/strict";
import { probe } from "../support/flow";
import { until } from "../support/until";
import { WsClient } from "../support/ws-client";
import { out, REPORTERS, WsFlow } from "../support/ws-flow";
import { serverSuite } from "./server-suite";

export const describeOut = serverSuite("ws-broadcast-out", (server) => {
  let flow: WsFlow;
  const start = async (changes: Parameters<typeof out>[1] = {}): Promise<void> => {
    flow = await WsFlow.start([
      server("server"),
      out("out", { server: "server", wires: [["events"]], ...changes }),
      probe("events"),
      ...REPORTERS,
    ]);
  };
  /** Sends a message into the node and waits until it was handled. */
  const send = async (message: object): Promise<"completed" | string> => {
    flow.node("out").receive({ ...message });
    const { error } = await flow.next("handled");
    return error === undefined ? "completed" : (error as { message: string }).message;
  };
  afterEach(async () => {
    await flow.stop();
  });

  describe("sends", () => {
    const payloads: readonly [what: string, payload: unknown, received: string | Buffer][] = [
      ["a string as text", "21.5 °C", "21.5 °C"],
      ["an empty string", "", ""],
      ["a Buffer as binary", Buffer.from([0, 255]), Buffer.from([0, 255])],
      ["an empty Buffer", Buffer.alloc(0), Buffer.alloc(0)],
      ["an object as JSON", { sensor: "a", value: 1.5 }, '{"sensor":"a","value":1.5}'],
      ["an array", [1, null], "[1,null]"],
      ["a number", 0, "0"],
      ["false", false, "false"],
      ["null", null, "null"],
    ];
    for (const [what, payload, received] of payloads) {
      it(what, async () => {
        await start();
        const client = await WsClient.connect(flow.url());
        assert.equal(await send({ payload }), "completed");
        assert.deepEqual(await client.next(), received);
      });
    }

    it("a string of 5 MB", async () => {
      await start();
      const client = await WsClient.connect(flow.url());
      const payload = "x".repeat(5_000_000);
      assert.equal(await send({ payload }), "completed");
      assert.equal(await client.next(), payload);
    });

    it("an envelope with topic, payload, time and sequence number when told to", async () => {
      await start({ envelope: true, topic: "plant" });
      const client = await WsClient.connect(flow.url());
      await send({ payload: 1, time: 1_700_000_000_000 });
      await send({ payload: "two", topic: "weather" });
      const first = (await client.nextJson()) as Record<string, unknown>;
      const second = (await client.nextJson()) as Record<string, unknown>;
      assert.deepEqual([first.topic, first.payload, first.time], ["plant", 1, 1_700_000_000_000]);
      assert.deepEqual([second.topic, second.payload], ["weather", "two"]);
      assert.ok(Math.abs((second.time as number) - Date.now()) < 5000);
      assert.notEqual(first.seq, second.seq);
    });

    it("a number or a boolean as a topic, and a time in any common form", async () => {
      await start({ envelope: true, topic: "default" });
      const client = await WsClient.connect(flow.url());
      const taken = new Date(1_700_000_000_000);
      const messages: readonly [topic: unknown, time: unknown][] = [
        [7, taken],
        [0, taken.toISOString()],
        [false, "2023-11-14T23:13:20+01:00"],
        [Number.NaN, taken.getTime()],
      ];
      for (const [topic, time] of messages) await send({ payload: 1, topic, time });
      for (const topic of ["7", "0", "false", "default"]) {
        const received = (await client.nextJson()) as Record<string, unknown>;
        assert.deepEqual([received.topic, received.time], [topic, taken.getTime()]);
      }
    });

    it("a reading to everybody whose other properties only look like a command or a client", async () => {
      await start();
      const client = await WsClient.connect(flow.url());
      const strangers: readonly object[] = [
        { command: "start" },
        { command: "disconnect", client: "esp-1" },
        { client: "mqttjs_0a1b2c3d" },
        { client: { id: 7 } },
        { broadcast: true },
        { broadcast: {} },
      ];
      for (const [payload, stranger] of strangers.entries()) {
        assert.equal(await send({ ...stranger, payload }), "completed");
        assert.equal(await client.next(), String(payload));
      }
    });

    it("the newest reading of each topic to a client that comes later", async () => {
      await start({ topic: "default" });
      for (const message of [
        { payload: "1", topic: "a" },
        { payload: "2" },
        { payload: "3", topic: "" },
        { payload: "4", topic: [7] },
      ]) {
        await send(message);
      }
      const client = await WsClient.connect(flow.url());
      assert.deepEqual([await client.next(), await client.next()].sort(), ["1", "4"]);
      const byTopic = await WsClient.connect(flow.url("/ws?topic=default"));
      assert.equal(await byTopic.next(), "4");
    });
  });

  describe("refuses", () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    let deep: unknown = 1;
    for (let level = 0; level < 33; level++) deep = [deep];
    const refusals: readonly [what: string, message: object, says: RegExp][] = [
      ["no payload", {}, /msg.payload is missing/],
      ["a function", { payload: () => 1 }, /msg.payload is a function/],
      ["a BigInt", { payload: 1n }, /BigInt/],
      ["a cycle", { payload: cyclic }, /circular/],
      ["a value nested too deep", { payload: deep }, /nested deeper than 32/],
      ["a reading larger than the log", { payload: "x".repeat(9_000_000) }, /log/],
      ["a client that is not there", { payload: 1, broadcast: { client: "x" } }, /no client "x"/],
      ["a client that has left", { payload: 1, client: "ws-000000-1" }, /no client "ws-000000-1"/],
      ["a client that is not given", { payload: 1, broadcast: { client: undefined } }, /msg.broadcast.client must be/],
      ["a misspelt target", { payload: 1, broadcast: { clinet: "x" } }, /command, client, topic, not "clinet"/],
      ["a topic in the wrong place", { payload: 1, broadcast: { topic: "a" } }, /is msg.topic/],
      ["an unknown command", { command: "dance" }, /one of clients, stats, disconnect, forget, not "dance"/],
      ["a command that is no text", { command: { toString: null } }, /msg.command must be/],
      ["to disconnect nobody", { command: "disconnect" }, /msg.client must be/],
      ["to forget no topic", { command: "forget" }, /msg.topic must be/],
      ["to forget none at all", { broadcast: { command: "forget" } }, /msg.broadcast.topic must be/],
      ["to answer without an output", { command: "stats" }, /output for events/],
    ];
    for (const [what, message, says] of refusals) {
      it(what, async () => {
        await start();
        const client = await WsClient.connect(flow.url());
        assert.match(await send(message), says);
        assert.equal(await send({ payload: "alive" }), "completed");
        assert.equal(await client.next(), "alive");
      });
    }

    it("everything without a server, in red", async () => {
      flow = await WsFlow.start([out("out"), ...REPORTERS]);
      assert.match(await send({ payload: 1 }), /no valid ws-broadcast-server/);
    });

    it("everything with a server that is not valid", async () => {
      flow = await WsFlow.start([
        server("server", { path: "no slash" }),
        out("out", { server: "server" }),
        ...REPORTERS,
      ]);
      const { error } = await flow.next("handled");
      assert.equal((error as { source: { id: string } }).source.id, "server");
      assert.match(await send({ payload: 1 }), /no valid ws-broadcast-server/);
    });
  });

  describe("with its output for events", () => {
    it("tells who comes and goes, and sends to one client what is for it alone", async () => {
      await start({ events: true });
      let event = flow.next("events");
      const client = await WsClient.connect(flow.url("/ws?topic=a"));
      const connected = await event;
      assert.equal(connected.event, "connected");
      assert.deepEqual((connected.payload as { topics: unknown }).topics, ["a"]);

      const other = await WsClient.connect(flow.url());
      await flow.next("events");
      for (const target of [{ client: connected.client }, { broadcast: { client: connected.client } }]) {
        assert.equal(await send({ payload: "welcome", topic: "b", ...target }), "completed");
        assert.equal(await client.next(), "welcome");
      }
      assert.equal(await send({ payload: "to all", topic: "b" }), "completed");
      assert.equal(await other.next(), "to all");

      event = flow.next("events");
      await client.close();
      const left = await event;
      assert.deepEqual([left.event, left.client], ["left", connected.client]);
    });

    it("tells who was refused, and why", async () => {
      await start({ events: true });
      const event = flow.next("events");
      await assert.rejects(WsClient.connect(flow.url("/ws?mode=fast")), /400/);
      const { payload } = await event;
      assert.deepEqual(payload, {
        event: "refused",
        address: "127.0.0.1",
        status: 400,
        reason: 'mode must be stream or latest, not "fast"',
      });
    });

    it("answers commands in messages that carry other things, with messages that are none", async () => {
      await start({ events: true });
      const answered = flow.next("events");
      assert.equal(
        await send({ payload: 1, command: "start", client: "esp-1", broadcast: { command: "stats" } }),
        "completed",
      );
      const answer = await answered;
      assert.deepEqual([answer.command, answer.client, answer.broadcast], ["stats", "esp-1", undefined]);
      assert.equal((answer.payload as { published: number }).published, 0);
      const client = await WsClient.connect(flow.url());
      assert.equal(await send(answer), "completed");
      assert.equal(((await client.nextJson()) as { published: number }).published, 0);
    });

    it("answers commands", async () => {
      await start({ events: true });
      let event = flow.next("events");
      const client = await WsClient.connect(flow.url());
      const { client: id } = await event;
      await send({ payload: 1, topic: "a" });
      const answer = async (message: object): Promise<unknown> => {
        event = flow.next("events");
        assert.equal(await send(message), "completed");
        const { payload, command } = await event;
        assert.equal(command, (message as { command: string }).command);
        return payload;
      };

      const clients = (await answer({ command: "clients" })) as { client: string }[];
      assert.deepEqual(
        clients.map((info) => info.client),
        [id],
      );
      const stats = (await answer({ command: "stats" })) as Record<string, number>;
      assert.deepEqual([stats.clients, stats.published, stats.topics], [1, 1, 1]);
      assert.equal(await answer({ command: "forget", topic: "a" }), true);
      assert.equal(await answer({ command: "forget", topic: "a" }), false);
      assert.equal(await answer({ command: "disconnect", client: id }), true);
      assert.deepEqual(await client.closed, { code: 1000, reason: "disconnected by the flow" });
    });
  });

  describe("shows", () => {
    const statusTexts = (): string[] => {
      const texts: string[] = [];
      flow.node("shown").on("input", (message) => texts.push((message.status as { text: string }).text));
      return texts;
    };

    it("how many clients there are, also when no message comes, at most once a second", async () => {
      await start();
      const texts = statusTexts();
      const clients = await Promise.all([1, 2, 3].map(() => WsClient.connect(flow.url())));
      await until(() => texts.at(-1) === "3 clients", "the status never showed three clients");
      assert.ok(texts.length <= 3, `${texts}`);
      await Promise.all(clients.map((client) => client.close()));
      await until(() => texts.at(-1) === "nobody connected", "the status never showed that all have left");
    });
  });
});
