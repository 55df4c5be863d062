import assert from "node:assert/strict";
import type { BrowserContext, Locator } from "playwright-core";
import { browserUnavailable, type LaunchedBrowser, launchBrowser } from "./browser";
import { EditorPage } from "./editor-page";
import { type InstalledPackage, installPackage } from "./installed-package";
import { describeTargets } from "./targets";

const SETUP_TIMEOUT_MS = 200_000;
const TEST_TIMEOUT_MS = 120_000;
const VIEWPORT = { width: 1400, height: 1000 };

/** What the test needs of the editor's own global. */
declare const RED: { actions: { invoke(action: string): void } };

/** Runs as soon as it is taken for HTML, even if it is never shown. */
const HOSTILE = "<img src=x onerror=\"window.ran='here'\">";

const LISTENER =
  "port address family groups format csvColumns csvSeparator influxPrecision timeField topic allow maxRate";
const SERVER =
  "where path host mode slow maxAge logBytes heartbeat origins jwtAlgorithm jwtAudience jwtIssuer allow trustedProxies accessProblem";

function hostile(properties: string): Record<string, string> {
  return Object.fromEntries(["name", ...properties.split(" ")].map((property) => [property, HOSTILE]));
}

const TOKENS = [{ name: HOSTILE, token: "0123456789abcdef", topics: [HOSTILE], expires: "" }];

const FLOW = [
  { id: "tab", type: "tab", label: "Flow" },
  { id: "server", type: "ws-broadcast-server", ...hostile(SERVER), credentials: { tokens: JSON.stringify(TOKENS) } },
  { id: "in", type: "udp-sensor-in", z: "tab", x: 300, y: 100, ...hostile(LISTENER), wires: [["out"]] },
  {
    id: "out",
    type: "ws-broadcast-out",
    z: "tab",
    x: 300,
    y: 200,
    ...hostile("topic envelope events"),
    server: "server",
  },
].map((node) => ({ wires: [], ...node }));

describeTargets("Text that a flow brings", browserUnavailable, function (target) {
  this.timeout(TEST_TIMEOUT_MS);
  let installed: InstalledPackage;
  let launched: LaunchedBrowser;
  let context: BrowserContext;
  let editor: EditorPage;

  before(async function () {
    this.timeout(SETUP_TIMEOUT_MS);
    installed = await installPackage(target);
    await installed.deploy(FLOW);
    launched = await launchBrowser();
    context = await launched.browser.newContext({ viewport: VIEWPORT, locale: "en-US" });
    editor = await EditorPage.open(context, installed.nodeRed.url, "udp-sensor-in");
  });

  after(async () => {
    await launched?.close();
    await installed?.close();
  });

  /** Nothing may have been taken for HTML so far. */
  async function nothingRan(): Promise<void> {
    assert.equal(await editor.page.evaluate(() => (window as { ran?: string }).ran), undefined);
    assert.equal(await editor.page.locator("img[src=x]").count(), 0);
  }

  async function hoverInvalid(dialog: Locator): Promise<void> {
    const popover = editor.page.locator(".red-ui-popover:visible");
    for (const input of await dialog.locator(".form-row > .input-error:visible").all()) {
      await input.hover();
      await popover.filter({ hasText: "‹img" }).waitFor();
      await nothingRan();
      await editor.page.mouse.move(0, 0);
      await popover.waitFor({ state: "hidden" });
    }
  }

  it("is text in the reasons for a red triangle on the canvas", async () => {
    for (const id of ["in", "out"]) {
      await editor.page.locator(`[id="${id}"] .red-ui-flow-node-error`).first().hover();
      await editor.page.locator(".red-ui-popover, .red-ui-flow-tooltip, .red-ui-flow-port-tooltip").first().waitFor();
      await nothingRan();
    }
    assert.match((await editor.problemsOf("in")).join(), /‹img/);
  });

  it("is text in the list of config nodes", async () => {
    await editor.page.evaluate(() => RED.actions.invoke("core:show-config-tab"));
    const invalid = editor.page.locator(".red-ui-palette-node-config-invalid .red-ui-palette-node-annotations");
    await invalid.first().hover();
    await editor.page.locator(".red-ui-popover").filter({ hasText: "‹img" }).waitFor();
    await nothingRan();
  });

  it("is text in the dialog of a listener", async () => {
    const dialog = await editor.openDialog("udp-sensor-in");
    for (const tab of ["Receive", "Decode", "Limits"]) {
      await dialog.getByRole("tab", { name: tab }).click();
      await hoverInvalid(dialog);
    }
    await editor.cancelDialog();
    await nothingRan();
  });

  it("is text in the dialogs of a broadcaster and its server, and in what is said of tokens", async () => {
    await editor.openDialog("ws-broadcast-out");
    const dialog = await editor.openConfigDialog("server");
    for (const tab of ["Connection", "Messages", "Limits", "Security"]) {
      await dialog.getByRole("tab", { name: tab }).click();
      await hoverInvalid(dialog);
    }
    await dialog.getByLabel("JSON Web Tokens").selectOption("off");
    await dialog.locator("[data-column=name]").fill(`${HOSTILE} again`);
    await dialog.locator(".red-ui-editableList-item-remove").click();
    await editor.page.getByRole("button", { name: "Keep the token" }).click();
    await editor.acceptConfigAndDialog();
    await nothingRan();
  });

  it("is text when it is deployed, and in what the runtime says then", async () => {
    await editor.page.evaluate(() => RED.actions.invoke("core:show-debug-tab"));
    await editor.deploy();
    await editor.page.locator(".red-ui-debug-msg").first().waitFor();
    await nothingRan();
  });
});
