import assert from "node:assert/strict";
import { join } from "node:path";
import type { BrowserContext } from "playwright-core";
import { freeUdpPort } from "../support/free-port";
import type { FlowNode } from "./admin-api";
import { browserUnavailable, type LaunchedBrowser, launchBrowser } from "./browser";
import { EXAMPLE, type InstalledPackage, installPackage, MODULE, onUdpPort } from "./installed-package";
import { watchForErrors } from "./page-errors";
import { SensorsPage } from "./sensors-page";
import { describeTargets } from "./targets";

const SETUP_TIMEOUT_MS = 200_000;
const TEST_TIMEOUT_MS = 60_000;
const HOSTILE = "<img src=x onerror=document.title=1>";
const TOKEN = "page-token-0123456789";
const MAX_CARDS = 200;

interface Message {
  readonly topic: string;
  readonly payload: unknown;
  readonly time?: number;
}

/** Publishes what is posted to `/publish`: a list of messages. */
const PUBLISH: readonly FlowNode[] = [
  { id: "publish", type: "http in", z: "tab", url: "/publish", method: "post", wires: [["split"]] },
  {
    id: "split",
    type: "function",
    z: "tab",
    outputs: 2,
    func: "return [msg.payload, { req: msg.req, res: msg.res, payload: '' }];",
    wires: [["publish-out"], ["published"]],
  },
  { id: "published", type: "http response", z: "tab", wires: [] },
];

describeTargets("The example's page", browserUnavailable, function (target) {
  this.timeout(TEST_TIMEOUT_MS);
  let installed: InstalledPackage;
  let launched: LaunchedBrowser;
  let context: BrowserContext;
  let sensors: SensorsPage;

  /** The example without its simulated sensors, and with another server configuration. */
  const deploy = async (server: object = {}): Promise<void> => {
    const example = onUdpPort(await installed.api.example(MODULE, EXAMPLE), await freeUdpPort());
    const quiet = example.filter(({ type }) => type !== "inject");
    const serverId = example.find(({ type }) => type === "ws-broadcast-server")?.id;
    await installed.deploy([
      { id: "tab", type: "tab", label: "publish" },
      ...PUBLISH,
      { id: "publish-out", type: "ws-broadcast-out", z: "tab", server: serverId, wires: [] },
      ...quiet.map((node) => (node.id === serverId ? { ...node, ...server } : node)),
    ]);
  };
  const publish = async (...messages: readonly Message[]): Promise<void> => {
    const { status } = await fetch(`${installed.nodeRed.url}/publish`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(messages),
    });
    assert.equal(status, 200);
  };

  before(async function () {
    this.timeout(SETUP_TIMEOUT_MS);
    installed = await installPackage(target);
    launched = await launchBrowser();
    await deploy();
  });
  after(async () => {
    await launched?.close();
    await installed?.close();
  });
  beforeEach(async () => {
    context = await launched.browser.newContext({ locale: "en-US" });
    sensors = await SensorsPage.open(context, installed.nodeRed.url);
  });
  afterEach(async () => {
    await context.close();
  });

  it("shows every kind of reading, and names as the text that they are", async () => {
    const errors = watchForErrors(context);
    await publish(
      { topic: "door", payload: "open" },
      { topic: "alarm", payload: false },
      { topic: "nothing", payload: null },
      { topic: "text number", payload: "21.50" },
      { topic: "weather", payload: { wind: { speed: 3.5, gusts: [5, "strong"] }, raining: true, none: null, set: {} } },
      { topic: "boiler", payload: { sensor: "boiler", value: 68, unit: "°C", battery: 3.1 } },
      { topic: HOSTILE, payload: HOSTILE },
    );
    const shown: readonly [name: string, value: string][] = [
      ["door", "open"],
      ["alarm", "false"],
      ["nothing", "null"],
      ["text number", "21.50"],
      ["boiler", "68"],
      [HOSTILE, HOSTILE],
    ];
    for (const [name, value] of shown) assert.equal(await sensors.valueOf(name), value);
    assert.deepEqual(await sensors.rowsOf("boiler"), ["battery 3.1"]);
    assert.deepEqual(await sensors.rowsOf("weather"), [
      "none null",
      "raining true",
      "set {}",
      "wind.gusts.0 5",
      "wind.gusts.1 strong",
      "wind.speed 3.5",
    ]);
    await sensors.page.screenshot({ path: join(__dirname, "screenshots", `${target.name}-page-kinds.png`) });
    assert.equal(await sensors.page.title(), "Sensors");
    assert.deepEqual(errors, []);
  });

  it("sorts sensors as people do", async () => {
    await publish(...["pump 10", "pump 2", "pump 1"].map((topic) => ({ topic, payload: 1 })));
    await sensors.card("pump 1").waitFor();
    const pumps = (await sensors.names()).filter((name) => name.startsWith("pump"));
    assert.deepEqual(pumps, ["pump 1", "pump 2", "pump 10"]);
  });

  it("draws time from left to right, and nothing where nothing came", async () => {
    const now = Date.now();
    const secondsAgo = [60, 58, 56, 20, 18, 16, 2];
    await publish(...secondsAgo.map((ago) => ({ topic: "gaps", payload: ago, time: now - ago * 1000 })));
    await sensors.waitForValue("gaps", "2");
    const curve = (await sensors.card("gaps").locator("path.curve").getAttribute("d")) ?? "";
    const strokes = curve.split("M").slice(1);
    assert.deepEqual(
      strokes.map((stroke) => stroke.split("L").length),
      [3, 3, 1],
    );
    const xs = [...curve.matchAll(/[ML]([\d.]+)/g)].map(([, x]) => Number(x));
    assert.deepEqual(
      xs,
      [...xs].sort((a, b) => a - b),
    );
    const [first = 0, second = 0, , fourth = 0] = xs;
    // 2 s and 38 s apart
    assert.ok(Math.abs((fourth - second) / (second - first) - 19) < 1, curve);
  });

  it("gives the place of the sensor that was quiet for longest to a new one", async () => {
    await publish({ topic: "real", payload: 1 });
    await publish(...Array.from({ length: MAX_CARDS }, (_, i) => ({ topic: `invented ${i}`, payload: i })));
    await publish({ topic: "real", payload: 2 }, { topic: "late", payload: 3 });
    assert.equal(await sensors.valueOf("late"), "3");
    await sensors.card("real").locator(".reading .value", { hasText: "2" }).waitFor();
    const names = await sensors.names();
    assert.equal(names.length, MAX_CARDS);
    assert.ok(!names.includes("invented 0"));
    assert.ok(names.includes(`invented ${MAX_CARDS - 1}`));
  });

  it("says in words why it is not connected, and passes on the token of its own address", async () => {
    await deploy({ credentials: { tokens: [{ name: "page", token: TOKEN, topics: ["#"] }] } });
    await sensors.state(/Refused: .*token/);
    const withToken = await SensorsPage.open(context, installed.nodeRed.url, `?token=${TOKEN}`);
    await publish({ topic: "secret", payload: "shown" });
    assert.equal(await withToken.valueOf("secret"), "shown");
    await installed.nodeRed.stop();
    await withToken.state(/Node-RED does not answer/);
  });
});
