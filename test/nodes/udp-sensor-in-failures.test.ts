import assert from "node:assert/strict";
import { once } from "node:events";
import type { NodeMessageInFlow, NodeStatus } from "node-red";
import udpSensorIn from "../../nodes/udp-sensor-in";
import { fields } from "../../nodes/udp-sensor-in.config";
import {
  editorShaped,
  type FlowNode,
  loadFlow,
  nextMessage,
  nextStatus,
  nodeOf,
  placed,
  probe,
  unloadFlow,
} from "../support/flow";
import { freeUdpPort } from "../support/free-port";
import { bindSocket, closeSocket, send } from "../support/udp";

const CATCHING = [placed({ id: "catch", type: "catch", scope: null, wires: [["caught"]] }), probe("caught")];

const REPORT_STATUS = placed({ id: "statusNode", type: "status", scope: null, wires: [["status"]] });

describe("udp-sensor-in that cannot receive", () => {
  let port: number;

  beforeEach(async () => {
    port = await freeUdpPort();
  });

  afterEach(unloadFlow);

  function sensorIn(changes: Parameters<typeof editorShaped<typeof fields>>[2]): FlowNode {
    return editorShaped("udp-sensor-in", fields, { port: String(port), ...changes });
  }
  describe("bad configuration", () => {
    const BAD: [property: string, value: unknown, message: RegExp][] = [
      ["port", "0", /^port must be a whole number from 1 to 65535, not "0"$/],
      ["port", "99999", /not "99999"$/],
      ["port", "abc", /not "abc"$/],
      ["port", "", /not ""$/],
      ["family", "udp5", /^family must be one of udp4, udp6, dual/],
      ["format", "xml", /^format must be one of auto, json/],
      ["groups", ["10.0.0.1"], /^groups must be multicast addresses/],
      ["topic", "a/#", /^topic must be a topic without wildcards/],
      ["allow", ["10.0.0.0/33"], /^allow must be an IPv4 block that ends in \/0 to \/32/],
      ["maxRate", "-1", /^maxRate must be a whole number from 0/],
      ["maxBytes", "-1", /^maxBytes must be a whole number/],
      [
        "address",
        "no-such-interface",
        /^address "no-such-interface" is neither an IP address nor an interface of this/,
      ],
    ];
    for (const [property, value, message] of BAD) {
      it(`is a red status and an error to catch: ${property} ${JSON.stringify(value)}`, async () => {
        await loadFlow(udpSensorIn, [
          ...CATCHING,
          REPORT_STATUS,
          probe("status"),
          sensorIn({ id: "in", [property]: value }),
        ]);
        const [caught, status] = await Promise.all([nextMessage("caught"), nextMessage("status")]);
        assert.match(errorOf(caught), message);
        assert.equal((status.status as NodeStatus).fill, "red");
      });
    }
  });

  describe("a taken port", () => {
    it("is an error to catch, once, and is bound as soon as it is free", async () => {
      const taken = await bindSocket(port);
      await loadFlow(udpSensorIn, [...CATCHING, sensorIn({ id: "in", wires: [["out"]] }), probe("out")]);
      const caught: NodeMessageInFlow[] = [];
      nodeOf("caught").on("input", (message) => void caught.push(message));
      const first = nextStatus("in", ({ fill }) => fill === "red");
      const bound = nextStatus("in", ({ fill }) => fill === "green");
      assert.equal((await first).text, "port in use");
      await once(nodeOf("caught"), "input");
      await closeSocket(taken);
      await bound;
      assert.deepEqual(caught.map(errorOf), [`port ${port} is in use by another socket`]);

      const received = nextMessage("out");
      await send(port, ["21"]);
      assert.equal((await received).payload, 21);
    });

    it("is not taken from who has it", async () => {
      const taken = await bindSocket(port);
      await loadFlow(udpSensorIn, [...CATCHING, sensorIn({ id: "in" })]);
      await nextMessage("caught");
      const received = once(taken, "message");
      await send(port, ["21"]);
      assert.equal(String((await received)[0]), "21");
      await closeSocket(taken);
    });
  });
});

function errorOf(message: NodeMessageInFlow): string {
  return (message.error as { message: string }).message;
}
