import assert from "node:assert/strict";
import type { BrowserContext, Locator } from "playwright-core";
import { freeUdpPort } from "../support/free-port";
import { send } from "../support/udp";
import { WsClient } from "../support/ws-client";
import { accessibilityProblems } from "./accessibility-problems";
import { browserUnavailable, type LaunchedBrowser, launchBrowser } from "./browser";
import { EditorPage } from "./editor-page";
import { EXAMPLE, type InstalledPackage, installPackage, MODULE, onUdpPort } from "./installed-package";
import { describeTargets } from "./targets";

/** What the test needs of the editor's own global. */
declare const RED: { sidebar: { show(id: string): void } };

const SETUP_TIMEOUT_MS = 200_000;
const TEST_TIMEOUT_MS = 60_000;
const VIEWPORT = { width: 1280, height: 1100 };
const DIALOG = ".sensorcast-dialog";
/** Of those that stand on each other. */
const TOP_DIALOG = `.red-ui-tray:last-child ${DIALOG}`;
const PATH = "/ws-accessible";
const FLOW = "Accessible";

describeTargets("For everybody", browserUnavailable, function (target) {
  this.timeout(TEST_TIMEOUT_MS);
  let installed: InstalledPackage;
  let launched: LaunchedBrowser;
  let client: WsClient;

  before(async function () {
    this.timeout(SETUP_TIMEOUT_MS);
    installed = await installPackage(target);
    launched = await launchBrowser();
    const port = await freeUdpPort();
    const example = onUdpPort(await installed.api.example(MODULE, EXAMPLE), await freeUdpPort());
    await installed.deploy([...flow(port), ...example]);
    const url = `${installed.nodeRed.url.replace("http", "ws")}${PATH}`;
    client = await WsClient.connect(url);
    await assert.rejects(WsClient.connect(`${url}?mode=none`));
    await send(port, ['{"sensor":"kitchen","value":21.5}', "boiler 17.3 °C", '{"sensor":']);
    await client.next();
  });

  after(async () => {
    client?.socket.terminate();
    await launched?.close();
    await installed?.close();
  });

  for (const theme of ["light", "dark"] as const) {
    describe(`in ${theme} colors`, () => {
      let context: BrowserContext;

      before(async () => {
        context = await launched.browser.newContext({ viewport: VIEWPORT, locale: "en-US", colorScheme: theme });
        await context.addInitScript((wanted) => localStorage.setItem("view-dark-theme", wanted), theme);
      });
      after(() => context.close());

      if (theme === "light" || target.hasDarkTheme) {
        let editor: EditorPage;

        before(async () => {
          editor = await EditorPage.open(context, installed.nodeRed.url, "udp-sensor-in");
        });

        it("a listener's dialog is accessible", async () => {
          const dialog = await editor.openDialog("udp-sensor-in");
          await dialog.getByText("received").first().waitFor();
          await showAllTabs(dialog);
          const problems: string[] = [];
          for (const format of ["csv", "struct"]) {
            await dialog.getByLabel("Format").selectOption(format);
            problems.push(...(await problemsAfterAdding(editor, dialog)));
          }
          await editor.cancelDialog();
          assert.deepEqual(problems, []);
        });

        it("dialogs of a broadcaster and its server are accessible", async () => {
          await editor.openDialog("ws-broadcast-out");
          const problems = await accessibilityProblems(editor.page, DIALOG);
          const dialog = await editor.openConfigDialog("server");
          await showAllTabs(dialog);
          await dialog.getByLabel("Runs on").selectOption("own");
          await dialog.getByLabel("JSON Web Tokens").selectOption("HS256");
          problems.push(...(await problemsAfterAdding(editor, dialog)));
          await editor.cancelConfigDialog();
          await editor.cancelDialog();
          assert.deepEqual(problems, []);
        });

        it("the sidebar is accessible", async () => {
          await editor.page.evaluate(() => RED.sidebar.show("sensorcast"));
          const sidebar = editor.page.locator(".sensorcast-sidebar");
          await sidebar.locator("details.sensorcast-section > summary").nth(1).click();
          await sidebar.locator("tbody tr").first().waitFor();
          await sidebar.locator("pre").first().waitFor();
          assert.deepEqual(await accessibilityProblems(editor.page, ".sensorcast-sidebar"), []);
        });
      }

      it("the live page is accessible", async () => {
        const page = await context.newPage();
        await page.goto(`${installed.nodeRed.url}${PATH}/`);
        await page.getByText("kitchen").first().waitFor();
        assert.deepEqual(await accessibilityProblems(page, "html"), []);
        await page.close();
      });

      it("the page of the example is accessible", async () => {
        const page = await context.newPage();
        await page.goto(`${installed.nodeRed.url}/sensors`);
        await page.locator("article").first().waitFor();
        assert.deepEqual(await accessibilityProblems(page, "html"), []);
        await page.close();
      });
    });
  }
});

/** So that one examination is enough for all of them. */
async function showAllTabs(dialog: Locator): Promise<void> {
  await dialog.getByRole("tabpanel", { includeHidden: true }).evaluateAll((panes) => {
    for (const pane of panes) (pane as HTMLElement).hidden = false;
  });
}

/** Adds a row to each table that can be seen, by the keyboard. @returns also where the focus did not go to that row */
async function problemsAfterAdding(editor: EditorPage, dialog: Locator): Promise<string[]> {
  const problems: string[] = [];
  for (const add of await dialog.locator(".red-ui-editableList-addButton:visible").all()) {
    await add.press("Enter");
    const list = dialog.locator(".red-ui-editableList-container").filter({ visible: true });
    const focused = list.locator("li:last-child :focus");
    if ((await focused.count()) === 0) problems.push(`the new row of "${await add.textContent()}" has no focus`);
  }
  return [...problems, ...(await accessibilityProblems(editor.page, TOP_DIALOG))];
}

function flow(port: number) {
  return [
    { id: "accessible", type: "tab", label: FLOW },
    {
      id: "in",
      type: "udp-sensor-in",
      z: "accessible",
      x: 200,
      y: 100,
      port,
      rejects: true,
      outputs: 2,
      wires: [["out"]],
    },
    { id: "out", type: "ws-broadcast-out", z: "accessible", x: 500, y: 100, server: "server", wires: [] },
    { id: "server", type: "ws-broadcast-server", path: PATH },
  ];
}
