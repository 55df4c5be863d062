import assert from "node:assert/strict";
import { join } from "node:path";
import type { BrowserContext, Locator } from "playwright-core";
import { freeUdpPort } from "../support/free-port";
import { askUpgrade } from "../support/raw-http";
import { WsClient } from "../support/ws-client";
import { browserUnavailable, type LaunchedBrowser, launchBrowser } from "./browser";
import { EditorPage } from "./editor-page";
import { EXAMPLE, type InstalledPackage, installPackage, MODULE, onUdpPort } from "./installed-package";
import { describeTargets } from "./targets";

const SETUP_TIMEOUT_MS = 200_000;
const TEST_TIMEOUT_MS = 60_000;
const VIEWPORT = { width: 1280, height: 1000 };
const FLOW = "Sensors to browser";
const GENERATED = /^[\w-]{43}$/;

describeTargets("Tokens in the editor", browserUnavailable, function (target) {
  this.timeout(TEST_TIMEOUT_MS);
  let installed: InstalledPackage;
  let launched: LaunchedBrowser;
  let context: BrowserContext;
  let editor: EditorPage;
  let token: string;

  const screenshot = (name: string): string => join(__dirname, "screenshots", `${target.name}-${name}.png`);
  const column = (dialog: Locator, name: string, row: number): Locator =>
    dialog.locator(`[data-column=${name}]`).nth(row);
  const openAccess = async (): Promise<Locator> => {
    await editor.openDialog("ws-broadcast-out");
    const dialog = await editor.openConfigDialog("server");
    await dialog.getByRole("tab", { name: "Security" }).click();
    return dialog;
  };
  const statusFor = async (presented: string): Promise<number> =>
    (await askUpgrade({ port: installed.nodeRed.port, path: `/ws?token=${presented}` })).status;

  before(async function () {
    this.timeout(SETUP_TIMEOUT_MS);
    installed = await installPackage(target);
    await installed.deploy(onUdpPort(await installed.api.example(MODULE, EXAMPLE), await freeUdpPort()));
    launched = await launchBrowser();
    context = await launched.browser.newContext({ viewport: VIEWPORT, locale: "en-US" });
    await context.addInitScript(
      (theme) => localStorage.setItem("view-dark-theme", theme),
      target.hasDarkTheme ? "dark" : "light",
    );
    editor = await EditorPage.open(context, installed.nodeRed.url, "udp-sensor-in");
    await editor.showFlow(FLOW);
  });

  after(async () => {
    await launched?.close();
    await installed?.close();
  });

  it("are generated, deployed and good from then on", async () => {
    const dialog = await openAccess();
    await dialog.locator(".red-ui-editableList-addButton").click();
    const first = await column(dialog, "token", 0).inputValue();
    assert.match(first, GENERATED);
    await column(dialog, "name", 0).fill("display");
    await column(dialog, "topics", 0).fill("plant/#, weather/+");
    await dialog.getByRole("button", { name: "Generate" }).click();
    token = await column(dialog, "token", 0).inputValue();
    assert.match(token, GENERATED);
    assert.notEqual(token, first);
    await editor.screenshot(screenshot("tokens"));
    await editor.acceptConfigAndDialog();
    assert.deepEqual(await editor.page.locator(".red-ui-notification-error").allTextContents(), []);
    assert.ok((await editor.deploy()) < 300);
    assert.equal(await statusFor("guess"), 401);
    const client = await WsClient.connect(`ws://127.0.0.1:${installed.nodeRed.port}/ws?token=${token}`);
    await client.close();
  });

  it("are not shown again, and stay good beside a new one", async () => {
    await editor.page.reload();
    editor = await EditorPage.open(context, installed.nodeRed.url, "udp-sensor-in");
    await editor.showFlow(FLOW);
    const dialog = await openAccess();
    assert.equal(await column(dialog, "name", 0).inputValue(), "display");
    assert.equal(await column(dialog, "topics", 0).inputValue(), "plant/#, weather/+");
    assert.equal(await column(dialog, "token", 0).inputValue(), "");
    await dialog.locator(".red-ui-editableList-addButton").click();
    await column(dialog, "name", 1).fill("phone");
    await column(dialog, "token", 1).fill("phone-token-0123456789");
    await editor.screenshot(screenshot("tokens-saved"));
    await editor.acceptConfigAndDialog();
    const client = await WsClient.connect(`ws://127.0.0.1:${installed.nodeRed.port}/ws?token=${token}`);
    assert.ok((await editor.deploy()) < 300);
    const second = await WsClient.connect(`ws://127.0.0.1:${installed.nodeRed.port}/ws?token=phone-token-0123456789`);
    assert.equal(client.socket.readyState, client.socket.OPEN);
    await Promise.all([client.close(), second.close()]);
  });

  it("have company: what JSON Web Tokens and a port of its own need is asked when they are chosen", async () => {
    const dialog = await openAccess();
    const key = dialog.locator("#node-config-input-jwtKey");
    const tls = dialog.locator("#node-config-input-tls");
    assert.deepEqual([await key.isVisible(), await tls.isVisible()], [false, false]);
    await dialog.locator("#node-config-input-jwtAlgorithm").selectOption("HS256");
    assert.equal(await key.isVisible(), true);
    await dialog.getByRole("tab", { name: "Connection" }).click();
    await dialog.locator("#node-config-input-where").selectOption("own");
    assert.equal(await tls.isVisible(), true);
    assert.match((await dialog.locator("#ws-broadcast-server-url").textContent()) ?? "", /^ws:.*:8080\/ws$/);
    await editor.page.setViewportSize({ width: 1280, height: 1400 });
    await editor.screenshot(screenshot("access"));
    await editor.cancelConfigDialog();
    await editor.cancelDialog();
  });

  it("are in no log, no flow and nothing else that Node-RED gives away", async () => {
    const server = (await installed.api.flows()).find(({ type }) => type === "ws-broadcast-server");
    const url = (path: string) => `${installed.nodeRed.url}/${path}`;
    const texts = [
      installed.nodeRed.log(),
      JSON.stringify(await installed.api.flows()),
      ...(await Promise.all(
        [`credentials/ws-broadcast-server/${server?.id}`, `ws-broadcast-server/${server?.id}/tokens`].map(
          async (path) => await (await fetch(url(path))).text(),
        ),
      )),
    ];
    assert.match(texts[3] ?? "", /"display".*"sha256"/);
    for (const text of texts) {
      assert.ok(!text.includes(token));
      assert.ok(!text.includes("phone-token"));
    }
  });
});
