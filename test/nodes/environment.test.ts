import { deepEqual, equal } from "node:assert/strict";
import helper from "node-red-node-test-helper";
import type { ServersAnswer } from "../../nodes/lib/cockpit/server-endpoints";
import udpSensorIn from "../../nodes/udp-sensor-in";
import { fields } from "../../nodes/udp-sensor-in.config";
import wsBroadcastOut from "../../nodes/ws-broadcast-out";
import wsBroadcastServer from "../../nodes/ws-broadcast-server";
import { editorShaped, loadFlow, nextMessage, nextStatus, placed, probe, unloadFlow } from "../support/flow";
import { freeUdpPort } from "../support/free-port";
import { send } from "../support/udp";

const GROUP = {
  id: "group",
  type: "group",
  z: "tab",
  nodes: ["in"],
  env: [
    { name: "SITE", value: "attic", type: "str" },
    { name: "NETS", value: '["127.0.0.0/8"]', type: "json" },
    { name: "REJECTS", value: "true", type: "bool" },
    { name: "FORMAT", value: "json", type: "str" },
  ],
};

describe("properties of a subflow", () => {
  const SUBFLOW = [
    {
      id: "subflow",
      type: "subflow",
      name: "sensors",
      in: [],
      out: [{ wires: [{ id: "in", port: 0 }] }],
      env: [
        { name: "PORT", type: "num", value: "1" },
        { name: "FORMAT", type: "str", value: "buffer" },
        { name: "PATH_OF_SERVER", type: "str", value: "/none" },
      ],
    },
    { ...editorShaped("udp-sensor-in", fields, { id: "in", port: "${PORT}", format: "${FORMAT}" }), z: "subflow" },
    { id: "server", type: "ws-broadcast-server", z: "subflow", path: "/${PATH_OF_SERVER}" },
    { ...placed({ id: "broadcast", type: "ws-broadcast-out", server: "server" }), z: "subflow" },
  ];
  const instance = (id: string, env: Record<string, string>, to: string) =>
    placed({
      id,
      type: "subflow:subflow",
      env: Object.entries(env).map(([name, value]) => ({ name, type: "str", value })),
      wires: [[to]],
    });

  afterEach(unloadFlow);

  it("set port, format and path for each instance apart", async () => {
    const [first, second] = [await freeUdpPort(), await freeUdpPort()];
    const instances = [
      instance("json", { PORT: String(first), FORMAT: "json", PATH_OF_SERVER: "first" }, "a"),
      instance("pairs", { PORT: String(second), FORMAT: "keyvalue", PATH_OF_SERVER: "second" }, "b"),
    ];
    await loadFlow(
      [udpSensorIn, wsBroadcastServer, wsBroadcastOut],
      [...SUBFLOW, ...instances, probe("a"), probe("b")],
    );
    const messages = [nextMessage("a"), nextMessage("b")];
    await send(first, ['{"value":1}']);
    await send(second, ["value=2"]);
    const payloads = (await Promise.all(messages)).map(({ payload }) => payload);
    deepEqual(payloads, [{ value: 1 }, { value: 2 }]);
    const { servers } = (await helper.request().get("/sensorcast/ws").expect(200)).body as ServersAnswer;
    deepEqual(servers.map(({ place }) => place?.path).sort(), ["/first", "/second"]);
    deepEqual([...new Set(servers.map(({ editorId }) => editorId))], ["server"], "what the editor has of them");
  });
});

describe("environment variables of a node's group", () => {
  let port: number;

  beforeEach(async () => {
    port = await freeUdpPort();
  });

  afterEach(unloadFlow);

  it("are put into text, lists, choices and switches", async () => {
    const config = {
      topic: "plant/${SITE}/{sensor}",
      allow: ["10.0.0.1", "${NETS}"],
      rejects: "${REJECTS}",
      format: "${FORMAT}",
      wires: [["out"], ["rejected"]],
    };
    const listener = { ...editorShaped("udp-sensor-in", fields, { id: "in", port, ...config }), g: GROUP.id };
    await loadFlow(udpSensorIn, [GROUP, listener, probe("out"), probe("rejected")]);
    const messages = [nextMessage("out"), nextMessage("rejected")];
    await send(port, ['{"sensor":"a"}', "no JSON"]);
    const [reading, rejected] = await Promise.all(messages);
    deepEqual([reading?.topic, (rejected as { reason?: string }).reason], ["plant/attic/a", "decode"]);
  });

  it("are named in red when they are not set", async () => {
    const listener = editorShaped("udp-sensor-in", fields, { id: "in", port, topic: "plant/${SIET}/{sensor}" });
    const watching = [placed({ id: "catch", type: "catch", scope: null, wires: [["caught"]] }), probe("caught")];
    await loadFlow(udpSensorIn, [listener, ...watching]);
    const [status, caught] = await Promise.all([nextStatus("in", ({ fill }) => fill === "red"), nextMessage("caught")]);
    equal(status.text, "bad topic");
    equal(
      (caught as { error?: { message: string } }).error?.message,
      "topic asks for the environment variable SIET, which is not set",
    );
  });
});
