import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { on, once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { WebSocket } from "ws";
import { freeTcpPort, freeUdpPort, tcpPortIsFree, udpPortIsFree } from "../support/free-port";

const START_TIMEOUT_MS = 60_000;
const REAP_TIMEOUT_MS = 5000;

/** `npm start` as a user runs it: in a process group of its own, which Ctrl-C reaches as a whole. */
class Demo {
  output = "";
  readonly exit: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(
    readonly port: number,
    readonly udpPort: number,
    temporary: string,
  ) {
    this.#child = spawn("npm", ["start"], {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        PORT: String(port),
        UDP_PORT: String(udpPort),
        TMPDIR: temporary,
        // From Node.js 22 on, npm itself leaves one there.
        NODE_DISABLE_COMPILE_CACHE: "1",
      },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (data) => {
        this.output += data;
      });
    }
    this.exit = once(this.#child, "close").then(([code]) => code);
  }

  /** Resolves once it has printed how to send a reading by hand, the last thing it says. */
  async ready(): Promise<void> {
    const ended = this.exit.then((code) => assert.fail(`npm start ended with code ${code}: ${this.output}`));
    while (!/node -e .*\n/.test(this.output))
      await Promise.race([once(this.#child.stdout ?? this.#child, "data"), ended]);
  }

  get group(): number {
    return this.#child.pid ?? assert.fail("npm start has no process");
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  address(label: "Editor" | "Page" | "WebSocket"): string {
    return (
      new RegExp(`^ +${label} +(\\S+)$`, "m").exec(this.output)?.[1] ?? assert.fail(`no ${label} in ${this.output}`)
    );
  }

  /** @param whom as of Ctrl-C, all processes; or npm alone, as of a program that started it */
  async interrupt(whom: "all" | "npm" = "all"): Promise<number | null> {
    if (!this.hasEnded) process.kill(whom === "all" ? -this.group : this.group, "SIGINT");
    return this.exit;
  }
}

/** Takes several messages of one chunk, too: they are emitted before anybody could wait for the next. */
async function readingOf(client: WebSocket, sensor: string): Promise<unknown> {
  for await (const [data] of on(client, "message")) {
    const reading = JSON.parse(String(data));
    if (reading.sensor === sensor) return reading;
  }
  return undefined;
}

/** Resolves once a process group is empty. Init reaps orphans in its own time, and tells nobody. */
async function gone(group: number): Promise<void> {
  const deadline = Date.now() + REAP_TIMEOUT_MS;
  while (isAlive(group)) {
    assert.ok(Date.now() < deadline, `process group ${group} still has processes`);
    await delay(20);
  }
}

function isAlive(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, "ESRCH");
    return false;
  }
}

describe("npm start", function () {
  this.timeout(START_TIMEOUT_MS);
  if (process.platform === "win32") return; // there is no Ctrl-C to send to a process group

  let demo: Demo;
  let temporary: string;

  before(async () => {
    temporary = mkdtempSync(path.join(tmpdir(), "start-test-"));
    demo = new Demo(await freeTcpPort(), await freeUdpPort(), temporary);
    await demo.ready();
  });

  after(async () => {
    await demo.interrupt();
    rmSync(temporary, { recursive: true });
  });

  it("prints the addresses of the editor, the page and the WebSocket", async () => {
    assert.equal((await fetch(demo.address("Editor"))).status, 200);
    assert.equal((await fetch(demo.address("Page"))).status, 200);
    assert.match(demo.address("WebSocket"), /^ws:/);
  });

  it("shows its ports on the canvas, wherever the example names them", async () => {
    const flows = await (await fetch(new URL("flows", demo.address("Editor")))).text();
    assert.match(flows, new RegExp(`"name":"send to UDP port ${demo.udpPort}"`));
    assert.match(flows, new RegExp(`http://127.0.0.1:${demo.port}/sensors`));
    assert.doesNotMatch(flows, /41234|:1880/);
  });

  it("lists the example under Import > Examples", async () => {
    const library = await fetch(
      new URL("library/examples/flows/@sensorcast/node-red-udp-websocket/", demo.address("Editor")),
    );
    const text = await library.text();
    assert.match(text, /sensors-to-browser/);
  });

  for (const [shell, command] of [
    ["bash", /printf .* > \/dev\/udp\/.*/],
    ["sh", /node -e .*/],
  ] as const) {
    it(`prints a command for ${shell} whose reading arrives at a WebSocket client`, async () => {
      const printed = command.exec(demo.output)?.[0];
      assert.ok(printed, `no command for ${shell} in ${demo.output}`);
      // Another sensor name for each shell: a new client is sent what the last one sent.
      const sent = printed.replace("hand", `hand-${shell}`);
      const client = new WebSocket(demo.address("WebSocket"));
      try {
        const arrived = readingOf(client, `hand-${shell}`);
        await once(client, "open");
        const [code] = await once(spawn(shell, ["-c", sent], { stdio: "inherit" }), "exit");
        assert.equal(code, 0);
        assert.deepEqual(await arrived, { sensor: `hand-${shell}`, value: 42 });
      } finally {
        client.terminate();
      }
    });
  }

  it("refuses a port that is in use, in a sentence", async () => {
    const second = new Demo(demo.port, demo.udpPort, temporary);
    assert.equal(await second.exit, 1);
    assert.match(second.output, new RegExp(`^Port ${demo.port} on 127.0.0.1 is in use by another program\\.`, "m"));
  });

  const endings = [
    ["at Ctrl-C", "all"],
    ["when npm alone is interrupted", "npm"],
  ] as const;
  for (const [when, whom] of endings) {
    it(`ends with exit code 0 ${when}, and leaves no process, port or file behind`, async () => {
      if (demo.hasEnded) demo = new Demo(demo.port, demo.udpPort, temporary);
      await demo.ready();
      assert.equal(readdirSync(temporary).filter((name) => name.startsWith("sensorcast-demo-")).length, 1);
      assert.equal(await demo.interrupt(whom), 0);
      await gone(demo.group);
      assert.deepEqual(readdirSync(temporary), []);
      assert.equal(await tcpPortIsFree(demo.port), true);
      assert.equal(await udpPortIsFree(demo.udpPort), true);
    });
  }
});
