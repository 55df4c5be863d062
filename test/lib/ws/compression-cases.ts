import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHash, type Hash } from "node:crypto";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { setImmediate } from "node:timers/promises";
import { BroadcastHarness } from "../../support/broadcast-harness";
import { sensorReading } from "../../support/sensor-readings";
import { until } from "../../support/until";
import type { WsClient } from "../../support/ws-client";

const DEFLATE = { perMessageDeflate: true };
const ARRIVAL_MS = 400_000;
/** So many that who reads them all the time stays in step: who is behind gets some as they are. */
const IN_STEP = 200;
const PYTHON_CLIENT = resolve(__dirname, "../../support/deflate_client.py");
const PYTHON = ["python3", "/usr/bin/python3"].find(
  (python) => spawnSync(python, ["-c", "import websockets"], { stdio: "ignore" }).status === 0,
);

/** With so many readings, compared one by one. */
export function describeCompression(readings: number): void {
  describe(`compression of ${readings} readings`, function () {
    this.timeout(600_000);
    let server: BroadcastHarness;
    let published = 0;

    beforeEach(async () => {
      published = 0;
      server = await BroadcastHarness.start({
        settings: { compress: true, replay: false, logBytes: 32 * 1024 * 1024 },
      });
    });

    afterEach(() => server.stop());

    /** Some at a time, each time in another turn of the event loop. */
    async function publish(count: number): Promise<void> {
      for (let i = 0; i < count; i++) {
        server.publish(`t/${published % 3}`, sensorReading(published++));
        if (i % 20 === 0) await setImmediate();
      }
    }

    function raw(client: WsClient): { read: () => number } {
      const { _socket: socket } = client.socket as unknown as { _socket: { bytesRead: number } };
      return { read: () => socket.bytesRead };
    }

    it("gives clients of `ws` that join, skip and stall what others get, in far fewer bytes", async () => {
      const plain = await server.connect();
      const steady = await server.connect("", DEFLATE);
      const stalling = await server.connect("", DEFLATE);
      const latest = await server.connect("?mode=latest&topic=t/1", DEFLATE);
      const late: { client: WsClient; from: number }[] = [];
      for (let i = 0; i < 10; i++) {
        if (i % 4 === 1) stalling.socket.pause();
        if (i % 4 === 3) stalling.socket.resume();
        for (const end = (readings / 10) * (i + 1); published < end; ) {
          await publish(Math.min(IN_STEP, end - published));
          await until(() => steady.queued === published, "readings are missing", ARRIVAL_MS);
        }
        if (i % 4 === 0) late.push({ client: await server.connect("", DEFLATE), from: published });
      }
      stalling.socket.resume();
      await until(
        () => [plain, steady, stalling].every(({ queued }) => queued === readings),
        "readings are missing",
        ARRIVAL_MS,
      );
      for (let i = 0; i < readings; i++) {
        const expected = sensorReading(i);
        assert.equal(await plain.next(), expected);
        assert.equal(await steady.next(), expected);
        assert.equal(await stalling.next(), expected);
      }
      for (const { client, from } of late) {
        await until(() => client.queued === readings - from, "readings are missing", ARRIVAL_MS);
        for (let i = from; i < readings; i++) assert.equal(await client.next(), sensorReading(i));
      }
      assert.ok(latest.queued > 0);
      assert.equal(steady.socket.extensions, "permessage-deflate");
      const share = raw(steady).read() / raw(plain).read();
      assert.ok(share < 1 / 4, `${share} of the bytes`);
      for (const counts of server.broadcast.clients()) assert.equal(counts.dropped, 0);
    });

    it("gives Python's websockets what others get, with joins and skips", async function () {
      if (PYTHON === undefined) {
        console.log("      Python's websockets are not installed: skipped");
        this.skip();
      }
      const expected: Hash[] = [];
      const clients = [];
      for (let i = 0; i < 3; i++) {
        const child = spawn(PYTHON, [PYTHON_CLIENT, server.url()], { stdio: ["ignore", "pipe", "inherit"] });
        server.after(() => child.kill());
        const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
        assert.match(String((await lines.next()).value), /PerMessageDeflate/);
        expected.push(createHash("sha256"));
        clients.push({ lines, from: published });
        for (let at = published; at < published + readings / 5; at++) {
          const data = Buffer.from(sensorReading(at));
          const length = Buffer.alloc(4);
          length.writeUInt32BE(data.length);
          for (const hash of expected) hash.update(length).update(data);
        }
        await publish(readings / 5);
        await until(
          () => server.broadcast.clients().every(({ pending }) => pending === 0),
          "readings are pending",
          ARRIVAL_MS,
        );
      }
      await until(
        () => server.broadcast.counts().ignored === clients.length,
        "compressed texts were not heard",
        ARRIVAL_MS,
      );
      for (const { client } of server.broadcast.clients())
        server.broadcast.disconnect(client, { code: 1000, reason: "" });
      for (const [i, { lines, from }] of clients.entries()) {
        const result = JSON.parse(String((await lines.next()).value));
        assert.deepEqual(result, { count: published - from, digest: expected[i]?.digest("hex"), code: 1000 });
      }
    });
  });
}
