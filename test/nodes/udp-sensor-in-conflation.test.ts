import { deepEqual, equal, ok } from "node:assert/strict";
import helper from "node-red-node-test-helper";
import type { SensorInputStats } from "../../nodes/lib/udp/sensor-input";
import udpSensorIn from "../../nodes/udp-sensor-in";
import { fields } from "../../nodes/udp-sensor-in.config";
import {
  deployModified,
  editorShaped,
  type FlowNode,
  loadFlow,
  nextMessage,
  nextMessages,
  probe,
  unloadFlow,
} from "../support/flow";
import { freeUdpPort } from "../support/free-port";
import { send } from "../support/udp";

const AN_HOUR = "3600000";

describe("udp-sensor-in with one message per topic in a while", () => {
  let port: number;

  beforeEach(async () => {
    port = await freeUdpPort();
  });

  afterEach(unloadFlow);

  function sensorIn(changes: Parameters<typeof editorShaped<typeof fields>>[2]): FlowNode {
    return editorShaped("udp-sensor-in", fields, { port: String(port), wires: [["out"]], ...changes });
  }

  async function statsOf(id: string): Promise<SensorInputStats> {
    const { body } = await helper.request().get(`/sensorcast/udp/${id}`).expect(200);
    return body as SensorInputStats;
  }

  it("sends the first reading of each topic at once, and the newest ones after a while", async () => {
    await loadFlow(udpSensorIn, [sensorIn({ id: "in", every: "200" }), probe("out")]);
    const received = nextMessages("out", 4);
    const readings = ["a", "b"].flatMap((sensor) => [1, 2, 3].map((value) => JSON.stringify({ sensor, value })));
    await send(port, readings);
    const messages = (await received) as unknown as readonly { topic: string; payload: object; readings: number }[];
    deepEqual(
      messages.map(({ topic, payload, readings: count }) => [topic, payload, count]),
      [
        ["a", { sensor: "a", value: 1 }, 1],
        ["b", { sensor: "b", value: 1 }, 1],
        ["a", { sensor: "a", value: 3 }, 2],
        ["b", { sensor: "b", value: 3 }, 2],
      ],
    );
    const { received: datagrams, emitted, conflated, pending } = await statsOf("in");
    deepEqual([datagrams, emitted, conflated, pending], [6, 4, 2, 0]);
  });

  it("sends what it holds when it is deployed anew, with all that went into it", async () => {
    const node = (changes = {}) => sensorIn({ id: "in", every: AN_HOUR, conflate: "mean", ...changes });
    const others = [sensorIn({ id: "each", wires: [["each out"]] }), probe("each out"), probe("out")];
    await loadFlow(udpSensorIn, [node(), ...others]);
    const arrived = nextMessages("each out", 3);
    await send(port, ["20", "21", "25"]);
    await arrived;
    const received = nextMessage("out");
    await deployModified([node({ topic: "other" }), ...others]);
    const { payload, readings } = (await received) as unknown as { payload: number; readings: number };
    deepEqual([payload, readings], [22, 3]);
  });

  it("is off by default: a message for each reading, which says nothing of others", async () => {
    await loadFlow(udpSensorIn, [sensorIn({ id: "in" }), probe("out")]);
    const received = nextMessages("out", 3);
    await send(port, ["1", "1", "1"]);
    for (const message of await received) ok(!("readings" in message));
    equal((await statsOf("in")).conflated, 0);
  });
});
