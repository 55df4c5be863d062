import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { BroadcastHarness } from "../../support/broadcast-harness";

const ROOT = resolve(__dirname, "../../..");
const CLIENT = "@sensorcast/node-red-udp-websocket/client";
const MAX_GZIPPED_BYTES = 8 * 1024;

const run = (file: string, ...args: string[]) => promisify(execFile)(file, args, { cwd: ROOT, timeout: 60_000 });

describe("bundled client", () => {
  it("is small and needs nothing else", async () => {
    const script = await readFile(join(ROOT, "dist/client/client.js"));
    assert.ok(gzipSync(script).length < MAX_GZIPPED_BYTES, `${gzipSync(script).length} bytes`);
    assert.doesNotMatch(script.toString(), /\bimport\s*["({]|\bfrom\s*"/);
  });

  it("is imported by the name of the package, and listens in Node.js", async () => {
    const server = await BroadcastHarness.start();
    try {
      server.publish("boiler", "21.5");
      const program = `import { connect } from "${CLIENT}";
        for await (const { topic, payload } of connect({ url: "${server.url()}" })) {
          console.log(topic, payload);
          break;
        }`;
      const { stdout } = await run(process.execPath, "--input-type=module", "--eval", program);
      assert.equal(stdout, "boiler 21.5\n");
    } finally {
      await server.stop();
    }
  });

  it("has types for those who import it", async () => {
    const file = join(ROOT, "test/lib/client/imported.generated.mts");
    await writeFile(
      file,
      `import { connect, type Reading } from "${CLIENT}";
       const feed = connect({ url: "ws://localhost", topics: ["a/#"], mode: "latest", history: "60s" });
       feed.on("reading", ({ topic, time }: Reading) => topic.padEnd(time));
       // @ts-expect-error
       feed.on("nonsense", () => undefined);\n`,
    );
    try {
      const options = ["--noEmit", "--strict", "--skipLibCheck", "false", "--module", "nodenext", "--types", "node"];
      await run(process.execPath, "node_modules/typescript/bin/tsc", ...options, "--ignoreConfig", file);
    } finally {
      await rm(file);
    }
  });
});
