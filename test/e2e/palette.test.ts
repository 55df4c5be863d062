import assert from "node:assert/strict";
import { freeUdpPort, udpPortIsFree } from "../support/free-port";
import { WsClient } from "../support/ws-client";
import { browserUnavailable, type LaunchedBrowser, launchBrowser } from "./browser";
import { sendFromAnotherProcess } from "./datagram";
import { EXAMPLE, type InstalledPackage, installPackage, MODULE, onUdpPort } from "./installed-package";
import { SensorsPage } from "./sensors-page";
import { describeTargets } from "./targets";

const SETUP_TIMEOUT_MS = 200_000;
const TEST_TIMEOUT_MS = 30_000;
const ARRIVAL_LIMIT_MS = 1000;
/** Node-RED itself ends an upgrade that nobody answers after 5 s. */
const UPGRADE_TIMEOUT_MS = 8000;
const OUR_TYPES = ["udp-sensor-in", "ws-broadcast-out", "ws-broadcast-server"];
const ALIVE = [
  { id: "alive-in", type: "http in", url: "/alive", method: "get", wires: [["alive-out"]] },
  { id: "alive-out", type: "http response", statusCode: "204", wires: [] },
];

// Each test goes on where the one before it ended: a package's life, from upload to removal.
describeTargets("The packed package", browserUnavailable, function (target) {
  this.timeout(TEST_TIMEOUT_MS);
  let installed: InstalledPackage;
  let launched: LaunchedBrowser;
  let client: WsClient | undefined;
  let udpPort: number;
  let webSocketUrl: string;

  before(async function () {
    this.timeout(SETUP_TIMEOUT_MS);
    installed = await installPackage(target);
    launched = await launchBrowser();
    udpPort = await freeUdpPort();
    webSocketUrl = `${installed.nodeRed.url.replace("http", "ws")}/ws`;
  });

  after(async () => {
    client?.socket.terminate();
    await launched?.close();
    await installed?.close();
  });

  it("brings its three node types", async () => {
    const ours = (await installed.api.nodeSets()).filter(({ module }) => module === MODULE);
    assert.deepEqual(ours.flatMap(({ types }) => types).sort(), OUR_TYPES);
    assert.deepEqual(
      ours.filter(({ enabled, err }) => !enabled || err),
      [],
    );
  });

  it("brings an example that broadcasts its simulated sensors as soon as it is deployed", async () => {
    const example = await installed.api.example(MODULE, EXAMPLE);
    await installed.deploy(onUdpPort(example, udpPort));
    client = await WsClient.connect(webSocketUrl);
    const reading = (await client.nextJson()) as { sensor: string; value: number };
    assert.equal(typeof reading.sensor, "string");
    assert.equal(typeof reading.value, "number");
  });

  it("hands a datagram of another process to a WebSocket client within a second", async () => {
    assert.ok(client);
    const sent = { sensor: "attic", value: 21.5, unit: "°C" };
    await sendFromAnotherProcess(udpPort, sent);
    const deadline = performance.now() + ARRIVAL_LIMIT_MS;
    let received = await client.nextJson();
    while ((received as typeof sent).sensor !== sent.sensor) received = await client.nextJson();
    assert.deepEqual(received, sent);
    assert.ok(performance.now() < deadline, "it took longer than a second");
  });

  it("shows a datagram of another process on the page in a browser", async () => {
    const context = await launched.browser.newContext();
    const page = await SensorsPage.open(context, installed.nodeRed.url);
    assert.equal(await page.valueOf("attic"), "21.5", "the newest reading is there from the start");
    await sendFromAnotherProcess(udpPort, { sensor: "attic", value: 22.5, unit: "°C" });
    await page.waitForOtherThan("attic", "21.5");
    assert.equal(await page.valueOf("attic"), "22.5");
    await context.close();
  });

  it("shows everything on its live page, and gives out its client", async () => {
    const context = await launched.browser.newContext({ locale: "en-US" });
    const page = await context.newPage();
    await page.goto(`${installed.nodeRed.url}/ws`);
    await page.locator(".row").filter({ hasText: "attic" }).getByText("22.5", { exact: true }).waitFor();
    assert.equal(page.url(), `${installed.nodeRed.url}/ws/`);
    await context.close();
    for (const script of ["client.js", "elements.js"]) {
      assert.equal((await fetch(`${installed.nodeRed.url}/ws/${script}`)).status, 200, script);
    }
  });

  it("tells its clients to come back, and frees its port, when its flow is taken away", async () => {
    assert.ok(client);
    await installed.deploy(ALIVE);
    assert.equal((await client.closed).code, 1012);
    assert.equal(await udpPortIsFree(udpPort), true);
  });

  it("leaves a Node-RED that goes on when it is removed live", async () => {
    await installed.api.uninstall(MODULE);
    const left = (await installed.api.nodeSets()).filter(({ module }) => module === MODULE);
    assert.deepEqual(left, []);
    assert.equal((await fetch(`${installed.nodeRed.url}/ws/client.js`)).status, 404);
    await assert.rejects(WsClient.connect(webSocketUrl, { handshakeTimeout: UPGRADE_TIMEOUT_MS }));
    assert.equal(installed.nodeRed.isRunning(), true);
    assert.equal((await fetch(`${installed.nodeRed.url}/alive`)).status, 204);
  });
});
