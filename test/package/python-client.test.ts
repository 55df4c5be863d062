import { equal, match } from "node:assert/strict";
import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { out, server, WsFlow } from "../support/ws-flow";

const CLIENT = resolve(__dirname, "../../docs/client.py");

describe("the Python client of the documentation", () => {
  let flow: WsFlow;
  let python: ChildProcessByStdio<null, Readable, Readable> | undefined;
  let lines: NodeJS.AsyncIterator<string>;

  before(function () {
    if (spawnSync("python3", ["--version"], { stdio: "ignore" }).status !== 0) this.skip();
  });

  beforeEach(async () => {
    flow = await WsFlow.start([server("server"), out("out", { server: "server" })]);
  });

  afterEach(async () => {
    if (python !== undefined && python.exitCode === null) {
      python.kill("SIGKILL");
      await once(python, "exit");
    }
    await flow.stop();
  });

  function start(url: string): ChildProcessByStdio<null, Readable, Readable> {
    const child = spawn("python3", [CLIENT, url], { stdio: ["ignore", "pipe", "pipe"] });
    lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    python = child;
    return child;
  }

  async function nextReading(): Promise<{ topic: string; payload: unknown }> {
    const { value } = await lines.next();
    return JSON.parse(value);
  }

  function publish(payload: unknown): void {
    flow.node("out").receive({ topic: "boiler", payload });
  }

  it("prints readings, and after a disconnection those that it missed", async () => {
    publish(1);
    start(flow.url("/ws?envelope=1"));
    equal((await nextReading()).payload, 1);
    const broadcast = flow.server("server").broadcast;
    for (const { client } of broadcast?.clients() ?? []) broadcast?.disconnect(client, { code: 1000, reason: "bye" });
    publish(2);
    publish("three");
    equal((await nextReading()).payload, 2);
    equal((await nextReading()).payload, "three");
  });

  it("says in the server's words why it was refused", async () => {
    const child = start(flow.url("/ws?mode=slow"));
    const [said] = (await once(child.stderr, "data")) as [Buffer];
    match(said.toString(), /400.*mode must be stream or latest/);
    if (child.exitCode === null) await once(child, "exit");
    equal(child.exitCode, 1);
  });
});
