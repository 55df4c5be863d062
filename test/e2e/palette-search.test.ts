import assert from "node:assert/strict";
import type { BrowserContext } from "playwright-core";
import { WsClient } from "../support/ws-client";
import { browserUnavailable, type LaunchedBrowser, launchBrowser } from "./browser";
import { EditorPage } from "./editor-page";
import { type InstalledPackage, installPackage } from "./installed-package";
import { describeTargets } from "./targets";

const SETUP_TIMEOUT_MS = 200_000;
const TEST_TIMEOUT_MS = 60_000;
const EMPTY = [{ id: "tab", type: "tab", label: "Flow" }];

describeTargets("The palette", browserUnavailable, function (target) {
  this.timeout(TEST_TIMEOUT_MS);
  let installed: InstalledPackage;
  let launched: LaunchedBrowser;
  let context: BrowserContext;
  let editor: EditorPage;

  before(async function () {
    this.timeout(SETUP_TIMEOUT_MS);
    installed = await installPackage(target);
    await installed.deploy(EMPTY);
    launched = await launchBrowser();
    context = await launched.browser.newContext({ viewport: { width: 1280, height: 1000 }, locale: "en-US" });
    editor = await EditorPage.open(context, installed.nodeRed.url, "udp-sensor-in");
  });

  after(async () => {
    await launched?.close();
    await installed?.close();
  });

  for (const [words, type] of [
    ["websocket", "ws-broadcast-out"],
    ["broadcast", "ws-broadcast-out"],
    ["udp", "udp-sensor-in"],
    ["sensor", "udp-sensor-in"],
  ] as const) {
    it(`finds ${type} by "${words}"`, async () => {
      await editor.searchPalette(words, { shown: type, hidden: "inject" });
    });
  }

  it("drops a broadcaster that can be deployed without opening a dialog", async () => {
    await editor.searchPalette("broadcast", { shown: "ws-broadcast-out", hidden: "inject" });
    await editor.drop("ws-broadcast-out", { x: 400, y: 200 });
    assert.ok((await editor.deploy()) < 300);
    const client = await WsClient.connect(`${installed.nodeRed.url.replace("http", "ws")}/ws`);
    await client.close();
  });

  it("gives the next one the same server", async () => {
    await editor.drop("ws-broadcast-out", { x: 400, y: 300 });
    assert.ok((await editor.deploy()) < 300);
    const flows = await installed.api.flows();
    const servers = flows.filter(({ type }) => type === "ws-broadcast-server");
    assert.equal(servers.length, 1);
    const broadcasters = flows.filter(({ type }) => type === "ws-broadcast-out");
    assert.deepEqual(
      broadcasters.map(({ server }) => server),
      [servers[0]?.id, servers[0]?.id],
    );
  });
});
