import assert from "node:assert/strict";
import { join } from "node:path";
import type { BrowserContext, Locator } from "playwright-core";
import { freeUdpPort } from "../support/free-port";
import { browserUnavailable, type LaunchedBrowser, launchBrowser } from "./browser";
import { EditorPage } from "./editor-page";
import { EXAMPLE, type InstalledPackage, installPackage, MODULE } from "./installed-package";
import { watchForErrors } from "./page-errors";
import { SensorsPage } from "./sensors-page";
import { describeTargets } from "./targets";

const SETUP_TIMEOUT_MS = 200_000;
const TEST_TIMEOUT_MS = 60_000;
const VIEWPORT = { width: 1280, height: 800 };
const FLOW = "Sensors to browser";
const SIMULATED_SENSOR = "power";
const CHANGES_SEEN = 5;
/** A label that its locale file lacks is shown as its key. */
const MESSAGE_KEY = /\b(udp-sensor-in|ws-broadcast-(out|server))\.\w+/;

describeTargets("The editor", browserUnavailable, function (target) {
  this.timeout(TEST_TIMEOUT_MS);
  let installed: InstalledPackage;
  let launched: LaunchedBrowser;
  let context: BrowserContext;
  let errors: string[];
  let editor: EditorPage;

  const screenshot = (name: string): string => join(__dirname, "screenshots", `${target.name}-${name}.png`);

  before(async function () {
    this.timeout(SETUP_TIMEOUT_MS);
    installed = await installPackage(target);
    launched = await launchBrowser();
    context = await launched.browser.newContext({ viewport: VIEWPORT, locale: "en-US" });
    errors = watchForErrors(context);
    editor = await EditorPage.open(context, installed.nodeRed.url, "udp-sensor-in");
  });

  after(async () => {
    await launched?.close();
    await installed?.close();
  });

  it("imports the example from its menu and deploys it", async () => {
    await editor.importExample(MODULE, EXAMPLE);
    await editor.setUdpPort(await freeUdpPort());
    await editor.showFlow(FLOW);
    assert.ok((await editor.deploy()) < 300);
    const deployed = await installed.api.flows();
    assert.ok(deployed.some(({ type, label }) => type === "tab" && label === FLOW));
  });

  it("shows below the listener that datagrams arrive", async () => {
    await editor.waitForStatus("udp-sensor-in", /\d\/s/);
    await editor.screenshot(screenshot("canvas"));
  });

  it("leads to a page whose values keep changing", async () => {
    const sensors = await SensorsPage.open(context, installed.nodeRed.url);
    for (let change = 0; change < CHANGES_SEEN; change++) {
      await sensors.waitForOtherThan(SIMULATED_SENSOR, await sensors.valueOf(SIMULATED_SENSOR));
    }
    await sensors.page.screenshot({ path: screenshot("page") });
    await sensors.page.emulateMedia({ colorScheme: "dark" });
    await sensors.page.screenshot({ path: screenshot("page-dark") });
    await sensors.page.close();
  });

  it("edits a udp-sensor-in node in a dialog in plain words", async () => {
    await showsPlainWords(await editor.openDialog("udp-sensor-in"), "udp-sensor-in");
    await editor.cancelDialog();
  });

  it("edits a ws-broadcast-out node, and the server it refers to, in dialogs in plain words", async () => {
    await showsPlainWords(await editor.openDialog("ws-broadcast-out"), "ws-broadcast-out");
    await showsPlainWords(await editor.openConfigDialog("server"), "ws-broadcast-server");
    await editor.cancelConfigDialog();
    await editor.cancelDialog();
  });

  if (target.hasDarkTheme) {
    it("shows canvas and dialogs in its dark theme too", async () => {
      await editor.page.evaluate(() => localStorage.setItem("view-dark-theme", "dark"));
      const dark = await EditorPage.open(context, installed.nodeRed.url, "udp-sensor-in");
      await dark.page.locator("html.nr-theme-dark").waitFor();
      await dark.showFlow(FLOW);
      await dark.screenshot(screenshot("canvas-dark"));
      await dark.openDialog("udp-sensor-in");
      await dark.screenshot(screenshot("udp-sensor-in-dark"));
      await dark.cancelDialog();
      await dark.openDialog("ws-broadcast-out");
      await dark.openConfigDialog("server");
      await dark.screenshot(screenshot("ws-broadcast-server-dark"));
      await dark.page.close();
    });
  }

  it("has nothing to complain about in the browser's console, and asks no other machine for anything", () => {
    assert.deepEqual(errors, []);
  });

  async function showsPlainWords(dialog: Locator, name: string): Promise<void> {
    await editor.screenshot(screenshot(name));
    assert.doesNotMatch((await dialog.textContent()) ?? "", MESSAGE_KEY);
    const hints = await dialog
      .locator("[placeholder], [title]")
      .evaluateAll((elements) =>
        elements.map((element) => `${element.getAttribute("placeholder")} ${element.getAttribute("title")}`),
      );
    assert.doesNotMatch(hints.join("\n"), MESSAGE_KEY);
  }
});
