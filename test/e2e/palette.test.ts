import assert from "node:assert/strict";
import type { BrowserContext } from "playwright-core";
import { freeUdpPort, udpPortIsFree } from "../support/free-port";
import { WsClient } from "../support/ws-client";
import { AdminApi } from "./admin-api";
import { browserUnavailable, type LaunchedBrowser, launchBrowser } from "./browser";
import { sendFromAnotherProcess } from "./datagram";
import { EditorPage } from "./editor-page";
import { EXAMPLE, MODULE } from "./installed-package";
import { watchForErrors } from "./page-errors";
import { PaletteManager } from "./palette-manager";
import { PaletteRig } from "./palette-rig";
import { SensorsPage } from "./sensors-page";
import { describeTargets } from "./targets";

const SETUP_TIMEOUT_MS = 200_000;
const TEST_TIMEOUT_MS = 300_000;
const ARRIVAL_LIMIT_MS = 1000;
const NEWER = "99.0.0";
const OUR_TYPES = ["udp-sensor-in", "ws-broadcast-out", "ws-broadcast-server"];
const FLOW = "Sensors to browser";

// Each test goes on where the one before it ended: a package's life, from the search to its removal and back.
describeTargets("The package in the palette", browserUnavailable, function (target) {
  this.timeout(TEST_TIMEOUT_MS);
  let rig: PaletteRig;
  let api: AdminApi;
  let launched: LaunchedBrowser;
  let context: BrowserContext;
  let errors: string[];
  let editor: EditorPage;
  let palette: PaletteManager;
  let client: WsClient;
  let udpPort: number;

  before(async function () {
    this.timeout(SETUP_TIMEOUT_MS);
    rig = await PaletteRig.start(target);
    api = new AdminApi(rig.nodeRed.url);
    udpPort = await freeUdpPort();
    launched = await launchBrowser();
    context = await launched.browser.newContext({ viewport: { width: 1280, height: 1000 }, locale: "en-US" });
    errors = watchForErrors(context);
    await openEditor("inject");
  });

  after(async () => {
    client?.socket.terminate();
    await launched?.close();
    await rig?.close();
  });

  async function openEditor(paletteNode: string): Promise<void> {
    await editor?.page.close({ runBeforeUnload: false });
    editor = await EditorPage.open(context, rig.nodeRed.url, paletteNode);
    palette = new PaletteManager(editor.page);
  }

  const connect = (): Promise<WsClient> => WsClient.connect(`${rig.nodeRed.url.replace("http", "ws")}/ws`);

  async function installed(): Promise<string[]> {
    const ours = (await api.nodeSets()).filter(({ module }) => module === MODULE);
    assert.deepEqual(
      ours.filter(({ enabled, err }) => !enabled || err),
      [],
    );
    return ours.flatMap(({ types, version }) => types.map((type) => `${type} ${version}`)).sort();
  }

  async function shownTypes(): Promise<string[]> {
    const types = await editor.page
      .locator(".red-ui-palette-node")
      .evaluateAll((nodes) => nodes.map((node) => node.getAttribute("data-palette-type") ?? ""));
    return types.filter((type) => OUR_TYPES.includes(type)).sort();
  }

  const sidebarTabs = (): Promise<number> => editor.page.locator(".sensorcast-sidebar").count();

  async function importExample(): Promise<void> {
    await editor.importExample(MODULE, EXAMPLE);
    await editor.showFlow(FLOW);
    await editor.setUdpPort(udpPort);
    assert.ok((await editor.deploy()) < 300);
  }

  /** Sends readings of a device until its card shows one of them. */
  async function readingsReachThePage(device: string): Promise<void> {
    const pages = await launched.browser.newContext({ locale: "en-US" });
    const page = await SensorsPage.open(pages, rig.nodeRed.url);
    await sendFromAnotherProcess(udpPort, { sensor: device, value: 21.5, unit: "°C" });
    assert.equal(await page.valueOf(device), "21.5");
    await pages.close();
  }

  it("is found by what it is about, and installed", async () => {
    await palette.install(MODULE, "websocket");
    await editor.paletteShows("udp-sensor-in");
    assert.deepEqual(await shownTypes(), ["udp-sensor-in", "ws-broadcast-out"]);
    assert.deepEqual(
      await installed(),
      OUR_TYPES.map((type) => `${type} ${rig.version}`),
    );
    assert.equal(await sidebarTabs(), 1);
  });

  it("brings an example that broadcasts its simulated sensors as soon as it is deployed", async () => {
    await importExample();
    client = await connect();
    const reading = (await client.nextJson()) as { sensor: string; value: number };
    assert.equal(typeof reading.sensor, "string");
    assert.equal(typeof reading.value, "number");
  });

  it("hands a datagram of another process to a WebSocket client within a second", async () => {
    const sent = { sensor: "attic", value: 21.5, unit: "°C" };
    await sendFromAnotherProcess(udpPort, sent);
    const deadline = performance.now() + ARRIVAL_LIMIT_MS;
    let received = await client.nextJson();
    while ((received as typeof sent).sensor !== sent.sensor) received = await client.nextJson();
    assert.deepEqual(received, sent);
    assert.ok(performance.now() < deadline, "it took longer than a second");
  });

  it("shows a datagram of another process on the page in a browser", async () => {
    await readingsReachThePage("cellar");
  });

  it("shows everything on its live page, and gives out its client", async () => {
    const pages = await launched.browser.newContext({ locale: "en-US" });
    const page = await pages.newPage();
    await page.goto(`${rig.nodeRed.url}/ws`);
    await page.locator(".row").filter({ hasText: "attic" }).getByText("21.5", { exact: true }).waitFor();
    assert.equal(page.url(), `${rig.nodeRed.url}/ws/`);
    await pages.close();
    for (const script of ["client.js", "elements.js"]) {
      assert.equal((await fetch(`${rig.nodeRed.url}/ws/${script}`)).status, 200, script);
    }
  });

  it("keeps what is entered in a dialog, over a deploy and a reload of the editor", async () => {
    const dialog = await editor.openDialog("udp-sensor-in");
    await dialog.getByLabel("Name", { exact: true }).fill("all halls");
    await dialog.getByRole("tab", { name: "Limits" }).click();
    await dialog.getByLabel("Senders").fill("127.0.0.1, 10.0.0.0/8");
    await editor.acceptDialog();
    assert.ok((await editor.deploy()) < 300);
    await openEditor("udp-sensor-in");
    await editor.showFlow(FLOW);
    await shownInTheDialog();
    assert.deepEqual(errors, []);
  });

  it("is updated to a newer version, which runs the same flows once Node-RED is started again", async () => {
    await rig.publish(NEWER);
    await openEditor("udp-sensor-in");
    assert.equal(await palette.update(MODULE, NEWER), `${rig.version} ${NEWER}`);
    assert.deepEqual(
      await installed(),
      OUR_TYPES.map((type) => `${type} ${rig.version}`),
    );
    await readingsReachThePage("before");

    await rig.nodeRed.restart();
    assert.equal((await client.closed).code, 1012);
    await openEditor("udp-sensor-in");
    await editor.showFlow(FLOW);
    assert.deepEqual(
      await installed(),
      OUR_TYPES.map((type) => `${type} ${NEWER}`),
    );
    await shownInTheDialog();
    await readingsReachThePage("after");
  });

  it("takes everything along when it is removed from a Node-RED that goes on", async () => {
    const connected = await connect();
    await deleteEverything();
    assert.equal((await connected.closed).code, 1012);
    assert.equal(await udpPortIsFree(udpPort), true);
    await palette.remove(MODULE);
    assert.deepEqual(await installed(), []);
    assert.deepEqual(await shownTypes(), []);
    assert.equal(await sidebarTabs(), 0);
    for (const path of ["/ws", "/ws/client.js"]) {
      assert.equal((await fetch(rig.nodeRed.url + path)).status, 404, path);
    }
    // Node-RED itself ends an upgrade that nobody answers after 5 s.
    await assert.rejects(connect());
    assert.equal(rig.nodeRed.isRunning(), true);
  });

  it("is there again, once, when it is installed again", async () => {
    const loggedBefore = rig.nodeRed.log().length;
    await palette.install(MODULE, "udp");
    await editor.paletteShows("udp-sensor-in");
    assert.equal(await sidebarTabs(), 1);
    await importExample();
    await editor.waitForStatus("udp-sensor-in", /\d\/s/);
    await readingsReachThePage("again");
    const { listeners } = (await (await fetch(`${rig.nodeRed.url}/sensorcast/udp`)).json()) as { listeners: unknown[] };
    assert.equal(listeners.length, 1);
    assert.doesNotMatch(rig.nodeRed.log().slice(loggedBefore), /\[(error|warn)\]|Warning/);
  });

  async function shownInTheDialog(): Promise<void> {
    const dialog = await editor.openDialog("udp-sensor-in");
    assert.equal(await dialog.getByLabel("Name", { exact: true }).inputValue(), "all halls");
    await dialog.getByRole("tab", { name: "Limits" }).click();
    assert.equal(await dialog.getByLabel("Senders").inputValue(), "127.0.0.1, 10.0.0.0/8");
    await editor.cancelDialog();
  }

  /** Node-RED removes no package whose nodes are in a flow. */
  async function deleteEverything(): Promise<void> {
    await editor.showFlow(FLOW);
    await editor.invoke("core:remove-flow");
    await editor.invoke("core:show-config-tab");
    await editor.invoke("core:select-all-config-nodes");
    await editor.invoke("core:delete-config-selection");
    assert.ok((await editor.deploy()) < 300);
  }
});
