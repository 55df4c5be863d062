import assert from "node:assert/strict";
import udpSensorIn from "../../nodes/udp-sensor-in";
import { fields } from "../../nodes/udp-sensor-in.config";
import { editorShaped, loadFlow, nextMessage, probe, unloadFlow } from "../support/flow";
import { freeUdpPort } from "../support/free-port";
import { HAS_IPV6, send } from "../support/udp";

/** What Node-RED's own tests of `udp in` ask of it: an IPv4 sender, every family, every type of payload. */
describe("udp-sensor-in in the place of the core udp in node", () => {
  afterEach(unloadFlow);

  const payloads = [
    { format: "buffer", expected: Buffer.from("hello"), what: "a Buffer" },
    { format: "text", expected: "hello", what: "a string" },
  ];

  for (const family of ["udp4", "udp6", "dual"] as const) {
    for (const { format, expected, what } of payloads) {
      it(`receives IPv4 data on a ${family} socket as ${what}`, async function () {
        if (family !== "udp4" && !HAS_IPV6) this.skip();
        const port = await freeUdpPort();
        const node = editorShaped("udp-sensor-in", fields, {
          id: "in",
          port: String(port),
          family,
          format,
          wires: [["out"]],
        });
        await loadFlow(udpSensorIn, [node, probe("out")]);

        const message = nextMessage("out");
        const from = await send(port, ["hello"]);

        const { payload, ip, port: sender } = await message;
        assert.deepEqual(payload, expected);
        assert.equal(ip, "127.0.0.1");
        assert.equal(sender, from);
      });
    }
  }
});
