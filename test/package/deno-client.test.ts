import { deepEqual } from "node:assert/strict";
import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import { BroadcastHarness } from "../support/broadcast-harness";

const CLIENT = pathToFileURL(resolve(__dirname, "../../dist/client/client.js"));
const PROGRAM = `
import { connect } from "${CLIENT}";
for await (const { topic, payload } of connect({ url: Deno.args[0], topics: ["boiler"] })) console.log(JSON.stringify([topic, payload]));
`;

describe("the client in Deno (skipped where that is not installed)", () => {
  let server: BroadcastHarness;
  let deno: ChildProcessByStdio<Writable, Readable, null>;

  before(function () {
    if (spawnSync("deno", ["--version"], { stdio: "ignore" }).error !== undefined) this.skip();
  });
  beforeEach(async () => {
    server = await BroadcastHarness.start();
    const parameters = ["run", "--no-prompt", "--allow-net", `--allow-read=${resolve(__dirname, "../..")}`, "-"];
    deno = spawn("deno", [...parameters, server.url()], { stdio: ["pipe", "pipe", "inherit"] });
    deno.stdin.end(PROGRAM);
  });
  afterEach(async () => {
    deno.kill("SIGKILL");
    if (deno.exitCode === null && deno.signalCode === null) await once(deno, "exit");
    await server.stop();
  });

  it("gives readings, and after a disconnection those that it missed", async () => {
    const lines = createInterface({ input: deno.stdout })[Symbol.asyncIterator]();
    const next = async (): Promise<unknown> => JSON.parse((await lines.next()).value);
    server.publishPayload("boiler", { value: 1 });
    deepEqual(await next(), ["boiler", { value: 1 }]);
    for (const { client } of server.broadcast.clients())
      server.broadcast.disconnect(client, { code: 1012, reason: "restarting" });
    server.publishPayload("oven", { value: 2 });
    server.publishPayload("boiler", { value: 3 });
    server.publishPayload("boiler", { value: 4 });
    deepEqual(
      [await next(), await next()],
      [3, 4].map((value) => ["boiler", { value }]),
    );
  }).timeout(20_000);
});
