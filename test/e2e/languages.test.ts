import assert from "node:assert/strict";
import type { BrowserContext, Locator } from "playwright-core";
import { freeUdpPort } from "../support/free-port";
import { send } from "../support/udp";
import { WsClient } from "../support/ws-client";
import { browserUnavailable, type LaunchedBrowser, launchBrowser } from "./browser";
import { EditorPage } from "./editor-page";
import { type InstalledPackage, installPackage } from "./installed-package";
import { layoutProblems } from "./layout-problems";
import { describeTargets } from "./targets";

/** What the test needs of the editor's own global. */
declare const RED: { sidebar: { show(id: string): void; help: { show(type: string): void } } };

const SETUP_TIMEOUT_MS = 200_000;
const TEST_TIMEOUT_MS = 60_000;
const LANGUAGES = ["en-US", "de", "fr", "ja", "zh-CN"];
const NODES = ["udp-sensor-in", "ws-broadcast-out", "ws-broadcast-server"];
/** As narrow as Node-RED makes a dialog. */
const DIALOG_WIDTH_PX = 500;
const VIEWPORT = { width: 1280, height: 1100 };
const TOKEN = "0123456789abcdef";
/** Names and values that come from devices and clients: they end in an ellipsis. */
const FROM_OUTSIDE = ".sensorcast-cut, .sensorcast-name, .sensorcast-value, .sensorcast-table .sensorcast-about";

describeTargets("In every language", browserUnavailable, function (target) {
  this.timeout(TEST_TIMEOUT_MS);
  let installed: InstalledPackage;
  let launched: LaunchedBrowser;
  let client: WsClient;

  before(async function () {
    this.timeout(SETUP_TIMEOUT_MS);
    installed = await installPackage(target);
    launched = await launchBrowser();
    const port = await freeUdpPort();
    await installed.deploy(flow(port));
    const url = `${installed.nodeRed.url.replace("http", "ws")}/ws-languages`;
    client = await WsClient.connect(`${url}?token=${TOKEN}`);
    await assert.rejects(WsClient.connect(url));
    await send(port, ['{"sensor":"kitchen","value":21.5}', "boiler 17.3 °C", '{"sensor":']);
    await client.next();
  });

  after(async () => {
    client?.socket.terminate();
    await launched?.close();
    await installed?.close();
  });

  for (const language of LANGUAGES) {
    describe(language, () => {
      let context: BrowserContext;
      let editor: EditorPage;

      before(async () => {
        context = await launched.browser.newContext({ viewport: VIEWPORT, locale: language });
        editor = await EditorPage.open(context, installed.nodeRed.url, "udp-sensor-in");
      });
      after(() => context.close());

      it("a listener's dialog has room for what it says", async () => {
        const dialog = await narrowed(await editor.openDialog("udp-sensor-in"));
        const problems: string[] = [];
        for (const tab of await dialog.getByRole("tab").all()) {
          await tab.click();
          problems.push(...(await layoutProblems(dialog)));
        }
        await dialog.getByRole("tab").nth(1).click();
        for (const format of ["csv", "struct"]) {
          await dialog.locator("#node-input-format").selectOption(format);
          problems.push(...(await layoutProblems(dialog)));
        }
        await editor.cancelDialog();
        assert.deepEqual(problems, []);
      });

      it("dialogs of a broadcaster and its server have room for what they say", async () => {
        const problems = await layoutProblems(await narrowed(await editor.openDialog("ws-broadcast-out")));
        const dialog = await narrowed(await editor.openConfigDialog("server"));
        await dialog.locator("#node-config-input-where").selectOption("own");
        for (const tab of await dialog.getByRole("tab").all()) {
          await tab.click();
          problems.push(...(await layoutProblems(dialog)));
        }
        await dialog.getByRole("tab").nth(2).click();
        await dialog.locator(".red-ui-editableList-addButton").click();
        await dialog.locator("[data-column=token]").last().fill(TOKEN);
        await dialog.locator("details > summary").last().click();
        problems.push(...(await layoutProblems(dialog)));
        await editor.cancelConfigDialog();
        await editor.cancelDialog();
        assert.deepEqual(problems, []);
      });

      it("the sidebar has room for what it says", async () => {
        await editor.page.evaluate(() => RED.sidebar.show("sensorcast"));
        const sidebar = editor.page.locator(".sensorcast-sidebar");
        await sidebar.locator("details.sensorcast-section > summary").nth(1).click();
        await sidebar.locator("tbody tr").first().waitFor();
        await sidebar.locator("pre").first().waitFor();
        assert.deepEqual(await layoutProblems(sidebar, FROM_OUTSIDE), []);
      });

      for (const node of NODES) {
        it(`help on ${node} is not wider than the sidebar`, async () => {
          await editor.page.evaluate((type) => RED.sidebar.help.show(type), node);
          const help = editor.page.locator(".red-ui-help:has(> .red-ui-text-bidi-aware > .sensorcast-help)");
          await help.getByRole("heading").first().waitFor();
          assert.deepEqual(await layoutProblems(help), []);
        });
      }
    });
  }

  /** The part of a dialog that is ours, as wide as it is when Node-RED has least room for it. */
  async function narrowed(tray: Locator): Promise<Locator> {
    await tray.evaluate((element, width) => {
      element.style.width = `${width}px`;
      const body = element.querySelector<HTMLElement>(".red-ui-tray-body");
      if (body !== null) body.style.minWidth = "0";
    }, DIALOG_WIDTH_PX);
    return tray.locator(".sensorcast-dialog");
  }
});

function flow(port: number) {
  return [
    { id: "tab", type: "tab", label: "Flow" },
    {
      id: "in",
      type: "udp-sensor-in",
      z: "tab",
      x: 200,
      y: 100,
      port,
      rejects: true,
      outputs: 2,
      wires: [["out"], []],
    },
    { id: "out", type: "ws-broadcast-out", z: "tab", x: 500, y: 100, server: "server", wires: [] },
    {
      id: "server",
      type: "ws-broadcast-server",
      path: "/ws-languages",
      jwtAlgorithm: "HS256",
      credentials: {
        tokens: JSON.stringify([{ name: "display", token: TOKEN, topics: ["#"], expires: "" }]),
        jwtKey: "a secret of more than thirty-two bytes",
      },
    },
  ];
}
