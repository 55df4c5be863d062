import assert from "node:assert/strict";
import type { NodeInitializer } from "node-red";
import helper from "node-red-node-test-helper";
import type { TopicChange } from "../../nodes/lib/udp/reports/topic-silence";
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
  nodeOf,
  placed,
  probe,
  unloadFlow,
} from "../support/flow";
import { freeUdpPort } from "../support/free-port";
import { HAS_IPV6, send } from "../support/udp";

const splitAndJoin: NodeInitializer = require("@node-red/nodes/core/sequence/17-split.js");

describe("udp-sensor-in", () => {
  let port: number;

  beforeEach(async () => {
    port = await freeUdpPort();
  });

  afterEach(unloadFlow);

  function sensorIn(changes: Parameters<typeof editorShaped<typeof fields>>[2]): FlowNode {
    return editorShaped("udp-sensor-in", fields, { port: String(port), ...changes });
  }
  describe("messages", () => {
    it("are one per reading, with topic, sender and time", async () => {
      await loadFlow(udpSensorIn, [sensorIn({ id: "in", topic: "room/{sensor}", wires: [["out"]] }), probe("out")]);
      const received = nextMessage("out");
      const before = Date.now();
      const from = await send(port, ['{"sensor":"a","value":21.5}']);
      const { payload, topic, ip, port: sender, time, parts } = await received;
      assert.deepEqual(
        { payload, topic, ip, sender, parts },
        {
          payload: { sensor: "a", value: 21.5 },
          topic: "room/a",
          ip: "127.0.0.1",
          sender: from,
          parts: undefined,
        },
      );
      assert.ok(Number(time) >= before && Number(time) <= Date.now());
    });

    it("of one datagram are put together again by the core join node", async () => {
      const join = placed({ id: "join", type: "join", mode: "auto", wires: [["out"]] });
      await loadFlow([udpSensorIn, splitAndJoin], [sensorIn({ id: "in", wires: [["join"]] }), join, probe("out")]);
      const received = nextMessages("out", 2);
      await send(port, ['{"sensor":"a","n":1}\n{"sensor":"b","n":2}', "[5,6,7]"]);
      assert.deepEqual(
        (await received).map(({ payload }) => payload),
        [
          [
            { sensor: "a", n: 1 },
            { sensor: "b", n: 2 },
          ],
          [5, 6, 7],
        ],
      );
    });

    it("come from IPv6 senders too", async function () {
      if (!HAS_IPV6) this.skip();
      await loadFlow(udpSensorIn, [sensorIn({ id: "in", family: "dual", wires: [["out"]] }), probe("out")]);
      for (const address of ["::1", "127.0.0.1"]) {
        const received = nextMessage("out");
        await send(port, ["21"], address);
        assert.equal((await received).ip, address);
      }
    });
  });

  describe("bad datagrams", () => {
    const BAD: [what: string, datagram: string | Buffer, reason: string, error: RegExp][] = [
      ["empty", "", "decode", /empty/],
      ["not of the format", "21.5 °C", "decode", /not JSON/],
      ["oversized", "1".repeat(1001), "size", /1001 bytes, more than the 1000 accepted/],
      ["nested too deep", "[".repeat(900), "depth", /deeper than 32/],
      ["after prototypes", '{"__proto__":{"polluted":true}}', "decode", /__proto__/],
      ["binary", Buffer.from([0xff, 0x00, 0xfe, 0x7b]), "decode", /UTF-8/],
    ];

    it("reach the second output with a reason, and the next good one the first", async () => {
      const node = sensorIn({ id: "in", format: "json", maxBytes: "1000", rejects: true, wires: [["out"], ["bad"]] });
      await loadFlow(udpSensorIn, [node, probe("out"), probe("bad")]);
      const rejected = nextMessages("bad", BAD.length);
      const accepted = nextMessage("out");
      const from = await send(port, [...BAD.map(([, datagram]) => datagram), "7"]);
      const messages = await rejected;
      // One that is rejected undecoded overtakes others, if these have to wait.
      for (const [what, datagram, reason, error] of BAD) {
        const bytes = Buffer.from(datagram);
        const message = messages.find(({ payload }) => bytes.equals(payload as Buffer)) ?? assert.fail(what);
        const { topic, ip, port: sender } = message;
        assert.deepEqual({ topic, ip, sender }, { topic: "", ip: "127.0.0.1", sender: from }, what);
        assert.equal(message.reason, reason, what);
        assert.match(String(message.error), error, what);
      }
      assert.equal((await accepted).payload, 7);
      assert.equal("polluted" in {}, false);
    });

    it("are those of senders that are not allowed, or send too much", async () => {
      const allow = ["127.0.0.0/8", "::1"];
      const node = sensorIn({ id: "in", allow, maxRate: "2", rejects: true, wires: [["out"], ["bad"]] });
      await loadFlow(udpSensorIn, [node, probe("out"), probe("bad")]);
      const received = Promise.all([nextMessages("out", 2), nextMessage("bad")]);
      await send(port, ["1", "2", "3"]);
      const [accepted, rejected] = await received;
      assert.deepEqual(
        accepted.map(({ payload }) => payload),
        [1, 2],
      );
      assert.deepEqual([String(rejected.payload), rejected.reason], ["3", "rate"]);

      await deployModified([{ ...node, allow: ["10.0.0.0/8"] }, probe("out"), probe("bad")]);
      const refused = nextMessage("bad");
      await send(port, ["4"]);
      assert.equal((await refused).reason, "sender");
    });

    it("are only logged without the second output", async () => {
      await loadFlow(udpSensorIn, [sensorIn({ id: "in", format: "json", wires: [["out"]] }), probe("out")]);
      const accepted = nextMessage("out");
      const warned = new Promise<string>((resolve) => {
        (nodeOf("in") as NodeJS.EventEmitter).on("call:warn", ({ args: [line] }) => resolve(line));
      });
      await send(port, ["x", "7"]);
      assert.match(
        await warned,
        /^the datagram is not JSON: .* \(from 127\.0\.0\.1:\d+; rejected datagrams: decode 1\)$/,
      );
      assert.equal((await accepted).payload, 7);
    });
  });

  describe("senders that fall silent", () => {
    it("are told of on the second output, beside rejected datagrams", async () => {
      const node = sensorIn({
        id: "in",
        offlineAfter: "1",
        rejects: true,
        format: "json",
        wires: [["out"], ["other"]],
      });
      await loadFlow(udpSensorIn, [node, probe("out"), probe("other")]);
      const before = Date.now();
      const notices = nextMessages("other", 2);
      await send(port, ['{"sensor":"a"}', "x"]);
      const [rejected = assert.fail(), offline = assert.fail()] = await notices;
      assert.equal(rejected.reason, "decode");
      const { sender, topic, state, since } = offline.payload as TopicChange;
      assert.deepEqual([sender, topic, state, offline.topic], ["127.0.0.1", "a", "offline", "a"]);
      assert.ok(since >= before && since <= Date.now() - 900);

      const back = nextMessage("other");
      await send(port, ['{"sensor":"a"}']);
      assert.equal(((await back).payload as TopicChange).state, "online");
    });
  });

  describe("counters", () => {
    const countersOf = (id: string) => helper.request().get(`/sensorcast/udp/${id}`);

    it("are answered to the editor", async () => {
      await loadFlow(udpSensorIn, [sensorIn({ id: "in", format: "json", wires: [["out"]] }), probe("out")]);
      const received = nextMessage("out");
      await send(port, ["x", "7"]);
      await received;
      const { body } = await countersOf("in").expect(200);
      const { kernelDrops, receiveBuffer, ...counts } = body as SensorInputStats;
      assert.deepEqual(counts, {
        received: 2,
        emitted: 1,
        conflated: 0,
        pending: 0,
        rejected: { size: 0, sender: 0, rate: 0, decode: 1, depth: 0, overload: 0 },
        threadDrops: 0,
      });
      assert.equal(kernelDrops, process.platform === "linux" ? 0 : null);
      assert.equal(receiveBuffer.asked, 4 * 1024 * 1024);
      assert.ok(Number(receiveBuffer.granted) > 0);
    });

    it("are no content for a node that does not run", async () => {
      await loadFlow(udpSensorIn, [sensorIn({ id: "in" })]);
      await countersOf("other").expect(204);
      await deployModified([probe("out")]);
      await countersOf("in").expect(204);
    });
  });
});
