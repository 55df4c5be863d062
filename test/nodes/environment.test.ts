import { deepEqual, equal } from "node:assert/strict";
import udpSensorIn from "../../nodes/udp-sensor-in";
import { fields } from "../../nodes/udp-sensor-in.config";
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
  ],
};

describe("environment variables of a node's group", () => {
  let port: number;

  beforeEach(async () => {
    port = await freeUdpPort();
  });

  afterEach(unloadFlow);

  it("are put into text, lists and switches", async () => {
    const config = {
      topic: "plant/${SITE}/{sensor}",
      allow: ["10.0.0.1", "${NETS}"],
      rejects: "${REJECTS}",
      format: "json",
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
