import assert from "node:assert/strict";
import { BroadcastHarness } from "../../support/broadcast-harness";
import { sensorReading } from "../../support/sensor-readings";
import { describeCompression } from "./compression-cases";

describeCompression(100_000);

describe("a broadcast server with sender processes", () => {
  it("compresses in other processes, too", async function () {
    this.timeout(60_000);
    const server = await BroadcastHarness.start({ settings: { compress: true, senders: 1, replay: false } });
    const client = await server.connect("", { perMessageDeflate: true });
    assert.equal(client.socket.extensions, "permessage-deflate");
    for (let i = 0; i < 1000; i++) server.publish("t", sensorReading(i));
    for (let i = 0; i < 1000; i++) assert.equal(await client.next(), sensorReading(i));
    await server.stop();
  });
});
