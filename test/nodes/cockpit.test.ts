import assert from "node:assert/strict";
import helper from "node-red-node-test-helper";
import type { ListenerAnswer, ListenersAnswer } from "../../nodes/lib/cockpit/listener-endpoints";
import type { ServerAnswer, ServersAnswer } from "../../nodes/lib/cockpit/server-endpoints";
import udpSensorIn from "../../nodes/udp-sensor-in";
import { fields } from "../../nodes/udp-sensor-in.config";
import { editorShaped, loadFlow, nextMessage, nextMessages, probe, unloadFlow } from "../support/flow";
import { freeUdpPort } from "../support/free-port";
import { send } from "../support/udp";
import { WsClient } from "../support/ws-client";
import { out, server, WsFlow } from "../support/ws-flow";

/** @param key of the sentence that stands for a state, without the room */
const keyOf = ({ text }: { text: { key: string } }): string => text.key.replace(/^cockpit\./, "");

async function get<T>(path: string): Promise<T> {
  return (await helper.request().get(path).expect(200)).body as T;
}

async function post(path: string, body: object, status = 200): Promise<Record<string, unknown>> {
  return (await helper.request().post(path).send(body).expect(status)).body as Record<string, unknown>;
}

describe("what the editor is shown of listeners", () => {
  let port: number;

  beforeEach(async () => {
    port = await freeUdpPort();
  });

  afterEach(unloadFlow);

  async function listen(changes: object = {}): Promise<void> {
    const node = editorShaped("udp-sensor-in", fields, { id: "in", port: String(port), wires: [["out"]], ...changes });
    await loadFlow(udpSensorIn, [node, probe("out")]);
  }

  const summary = async () => {
    const { listeners } = await get<ListenersAnswer>("/sensorcast/udp");
    const [first] = listeners;
    assert.ok(first);
    return first;
  };

  it("is that nothing has come yet, and what to check", async () => {
    await listen({ address: "127.0.0.1" });
    const { state, port: shown } = await summary();
    assert.equal(shown, port);
    assert.deepEqual([state.level, keyOf(state)], ["waiting", "nothing-received"]);
    assert.deepEqual(
      state.hints.map(({ key }) => key),
      ["cockpit.local-only", "cockpit.check-port"],
    );
  });

  it("are its topics, with the newest reading of each", async () => {
    await listen();
    const received = nextMessages("out", 3);
    await send(port, ['{"sensor":"attic","value":21.5}', '{"sensor":"hall","value":1}', '{"sensor":"<b>","value":1}']);
    await received;
    const { topics, state, targets } = await get<ListenerAnswer>("/sensorcast/udp/in/live");
    assert.deepEqual(
      topics.rows.map(({ topic, sender, readings }) => [topic, sender, readings]),
      [
        ["<b>", "127.0.0.1", 1],
        ["attic", "127.0.0.1", 1],
        ["hall", "127.0.0.1", 1],
      ],
    );
    assert.equal(topics.rows[1]?.value, '{"sensor":"attic","value":21.5}');
    assert.equal(keyOf(state), "receives");
    assert.ok(targets.some(({ address }) => address === "127.0.0.1"));
    const found = await get<ListenerAnswer>("/sensorcast/udp/in/live?topicSearch=ATT");
    assert.deepEqual([found.topics.matched, found.topics.total], [1, 3]);
  });

  it("are datagrams that were rejected, with the reason first", async () => {
    await listen({ format: "json", rejects: true, wires: [[], ["out"]] });
    const rejected = nextMessage("out");
    await send(port, ["no JSON"]);
    await rejected;
    const answer = await get<ListenersAnswer>("/sensorcast/udp?rejected=1");
    assert.deepEqual(
      answer.rejected.map(({ listener, ip, fate, bytes, data }) => [
        listener,
        ip,
        fate,
        bytes,
        Buffer.from(data, "base64").toString(),
      ]),
      [["in", "127.0.0.1", "decode", 7, "no JSON"]],
    );
    const state = answer.listeners[0]?.state;
    assert.ok(state);
    assert.deepEqual([state.level, keyOf(state)], ["warning", "all-rejected"]);
    assert.ok(state.hints.some(({ key }) => key === "cockpit.other-format"));
  });

  it("is why a node does not listen at all", async () => {
    await listen({ port: "99999" });
    const { state } = await summary();
    assert.deepEqual([state.level, state.text.key], ["error", "config.must-be"]);
    await helper.request().get("/sensorcast/udp/in/live").expect(204);
  });

  it("is a test datagram, in whatever format the node wants", async () => {
    for (const format of ["auto", "csv", "influx", "nmea", "msgpack", "cbor", "keyvalue", "buffer"]) {
      await listen({ format, csvColumns: ["sensor", "value"] });
      const received = nextMessage("out");
      assert.deepEqual(await post("/sensorcast/udp/in/test", {}), { address: "127.0.0.1", port });
      assert.equal((await received).topic !== undefined, true, format);
      await unloadFlow();
    }
  });

  it("is what other options would make of the last datagrams, or of given ones", async () => {
    await listen({ format: "buffer" });
    const received = nextMessage("out");
    await send(port, ["attic;21,5"]);
    await received;
    const options = { format: "csv", csvColumns: ["sensor", "value"], csvSeparator: ";", topic: "x/{sensor}" };
    const { previews } = (await post("/sensorcast/udp/in/preview", { options })) as {
      previews: { readings: { topic: string; payload: string }[] }[];
    };
    assert.equal(previews[0]?.readings[0]?.topic, "x/attic");
    const given = [Buffer.from('{"a":1').toString("base64")];
    const failed = await post("/sensorcast/udp/none/preview", { options: { format: "json" }, datagrams: given });
    const [preview] = failed.previews as { error: object | null; at: number | null }[];
    assert.ok(preview?.error);
    assert.equal(preview.at, 6);
    const refused = await post("/sensorcast/udp/in/preview", { options: { format: "pdf" } }, 400);
    assert.equal((refused.problem as { key: string }).key, "config.must-be");
    for (const datagrams of [1, [1], Array(9).fill("")]) {
      await post("/sensorcast/udp/in/preview", { options: {}, datagrams }, 400);
    }
  });

  it("cannot be changed by a form of another site", async () => {
    await listen();
    await helper.request().post("/sensorcast/udp/in/test").type("form").send({ a: 1 }).expect(415);
  });
});

describe("what the editor is shown of servers", () => {
  let flow: WsFlow | undefined;

  afterEach(async () => {
    await flow?.stop();
    flow = undefined;
  });

  it("are clients and topics, and that one of each can be sent away and forgotten", async () => {
    flow = await WsFlow.start([server("server"), out("out", { server: "server" })]);
    const client = await WsClient.connect(`${flow.url()}?topic=attic`);
    const state = async () => (await get<ServersAnswer>("/sensorcast/ws")).servers[0]?.state;
    assert.equal(keyOf((await state()) ?? { text: { key: "" } }), "nothing-published");
    flow.node("out").receive({ topic: "attic", payload: { value: 21.5 } });
    await client.nextJson();
    const answer = await get<ServerAnswer>("/sensorcast/ws/server/live");
    assert.deepEqual(
      answer.clients.rows.map(({ address, topics, delivered, dropped }) => [address, topics, delivered, dropped]),
      [["127.0.0.1", ["attic"], 1, 0]],
    );
    assert.deepEqual(
      answer.topics.rows.map(({ topic, value, clients }) => [topic, value, clients]),
      [["attic", '{"value":21.5}', 1]],
    );
    assert.equal(keyOf(answer.state), "serves");
    await post("/sensorcast/ws/server/forget", { topic: "attic" });
    await post("/sensorcast/ws/server/forget", { topic: "attic" }, 400);
    await post("/sensorcast/ws/server/disconnect", { client: answer.clients.rows[0]?.client });
    assert.equal((await client.closed).code, 1000);
    await post("/sensorcast/ws/server/disconnect", { client: 5 }, 400);
  });

  it("is that nobody wants what is published", async () => {
    flow = await WsFlow.start([server("server"), out("out", { server: "server" })]);
    const client = await WsClient.connect(`${flow.url()}?topic=cellar`);
    flow.node("out").receive({ topic: "attic", payload: 1 });
    const state = (await get<ServersAnswer>("/sensorcast/ws")).servers[0]?.state;
    assert.equal(state && keyOf(state), "unwanted");
    await client.close();
  });

  it("is who was refused and why", async () => {
    flow = await WsFlow.start([server("server"), out("out", { server: "server" })]);
    await assert.rejects(WsClient.connect(flow.url(), { origin: "https://evil.example" }));
    const { refusals, state } = await get<ServerAnswer>("/sensorcast/ws/server/live");
    assert.equal(keyOf(state), "all-refused");
    assert.deepEqual(
      refusals.map(({ status, count, address, reason }) => [status, count, address, reason.values.origin]),
      [[403, 1, "127.0.0.1", "https://evil.example"]],
    );
  });

  it("is the address that clients use, also where the environment sets it", async () => {
    flow = await WsFlow.start([server("server"), out("out", { server: "server" })]);
    process.env.SENSORCAST_TEST_PORT = "18081";
    const place = (options: object, needsToken = false, status = 200) =>
      post("/sensorcast/ws/server/place", { options, needsToken }, status);
    const options = { where: "own", path: "/${SENSORCAST_TEST_PORT}", port: "${SENSORCAST_TEST_PORT}" };
    assert.deepEqual(await place(options), { path: "/18081", port: 18081, host: "127.0.0.1", isTls: false });
    assert.deepEqual((await place({ ...options, tls: "t" }, true)).host, "");
    const { problem } = await place({ path: "/${SENSORCAST_NOT_SET}" }, false, 400);
    assert.equal((problem as { key: string }).key, "config.variable-not-set");
    delete process.env.SENSORCAST_TEST_PORT;
  });

  it("is why a server does not run", async () => {
    flow = await WsFlow.start([server("server", { path: "no path" })]);
    const [shown] = (await get<ServersAnswer>("/sensorcast/ws")).servers;
    assert.deepEqual([shown?.state.level, shown && keyOf(shown.state)], ["error", "not-valid"]);
  });
});
