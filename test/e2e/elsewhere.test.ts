import assert from "node:assert/strict";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { freeUdpPort } from "../support/free-port";
import { until } from "../support/until";
import { browserUnavailable, type LaunchedBrowser, launchBrowser } from "./browser";
import { sendFromAnotherProcess } from "./datagram";
import { EditorPage } from "./editor-page";
import { DASHBOARD_2, type InstalledPackage, installPackage, MODULE, onUdpPort, UIBUILDER } from "./installed-package";
import { watchForErrors } from "./page-errors";
import { describeTargets } from "./targets";

const SETUP_TIMEOUT_MS = 200_000;
const TEST_TIMEOUT_MS = 120_000;
const START_LIMIT_MS = 60_000;
const CURVE_POINTS = 20;

/** The Node-RED that is installed beside these packages would find them. */
const WITHOUT_OTHERS = {
  externalModules: {
    autoInstall: false,
    palette: {
      allowInstall: true,
      allowUpload: true,
      denyList: ["@flowfuse/node-red-dashboard", "node-red-contrib-uibuilder"],
    },
  },
};

/** Pages that other packages serve, with our elements in them. */
const PAGES = [
  { name: "a ui-template of Dashboard 2", example: "pages/dashboard2-chart", path: "/dashboard/sensorcast" },
  { name: "a page of uibuilder", example: "pages/uibuilder-page", path: "/sensorcast/live.html" },
] as const;

describeTargets("Elements in pages of other packages", browserUnavailable, function (target) {
  this.timeout(TEST_TIMEOUT_MS);
  let installed: InstalledPackage;
  let launched: LaunchedBrowser;

  before(async function () {
    this.timeout(SETUP_TIMEOUT_MS);
    installed = await installPackage(target, { packages: [DASHBOARD_2, UIBUILDER] });
    launched = await launchBrowser();
  });

  after(async () => {
    await launched?.close();
    await installed?.close();
  });

  for (const { name, example, path } of PAGES) {
    it(`show values, a chart and a table in ${name}`, async () => {
      const port = await freeUdpPort();
      await installed.deploy(onUdpPort(await installed.api.example(MODULE, example), port));
      // uibuilder saves its page after the start.
      await until(async () => (await fetch(installed.nodeRed.url + path)).ok, "the page is not there", START_LIMIT_MS);
      const context = await launched.browser.newContext({ viewport: { width: 1280, height: 1000 }, locale: "en-US" });
      const errors = watchForErrors(context);
      const page = await context.newPage();
      page.setDefaultTimeout(TEST_TIMEOUT_MS);
      await page.goto(installed.nodeRed.url + path);
      await sendFromAnotherProcess(port, { sensor: "attic", value: 31.5, unit: "°C" });
      await page.locator("sensor-table").getByText("attic").waitFor();
      await page.locator("sensor-table").getByText("31.5").waitFor();
      await page
        .locator("sensor-value")
        .getByText(/^6\d\.\d$/)
        .waitFor();
      await page.getByRole("group", { name: "Boiler", exact: true }).waitFor();
      await page.locator("sensor-chart li").nth(1).waitFor();
      await curvesAreDrawn(page);
      await page.screenshot({
        path: join(__dirname, "screenshots", `${target.name}-${example.replace("/", "-")}.png`),
      });
      assert.deepEqual(errors, []);
      await context.close();
    });
  }
});

describeTargets("An example for a package that is not installed", browserUnavailable, function (target) {
  this.timeout(TEST_TIMEOUT_MS);
  let installed: InstalledPackage;
  let launched: LaunchedBrowser;

  before(async function () {
    this.timeout(SETUP_TIMEOUT_MS);
    installed = await installPackage(target, { settings: WITHOUT_OTHERS });
    launched = await launchBrowser();
  });

  after(async () => {
    await launched?.close();
    await installed?.close();
  });

  for (const [example, missing] of [
    ["dashboard2-chart", "@flowfuse/node-red-dashboard"],
    ["uibuilder-page", "node-red-contrib-uibuilder"],
  ] as const) {
    it(`says that ${missing} is missing when ${example} is imported, and offers to install it`, async () => {
      const context = await launched.browser.newContext({ viewport: { width: 1280, height: 1000 }, locale: "en-US" });
      const editor = await EditorPage.open(context, installed.nodeRed.url, "udp-sensor-in");
      await editor.importExample(MODULE, "pages", example);
      const notice = editor.page.locator(".red-ui-notification", { hasText: missing });
      await notice.getByRole("button", { name: "Install all" }).waitFor();
      await context.close();
    });
  }
});

/** Grid and labels are grey, curves are not. */
async function curvesAreDrawn(page: Page): Promise<void> {
  const canvas = await page.locator("sensor-chart canvas").elementHandle();
  await page.waitForFunction(
    ([drawn, enough]) => {
      const { width, height } = drawn as HTMLCanvasElement;
      const points = (drawn as HTMLCanvasElement).getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
      let coloured = 0;
      for (let at = 0; at < points.length; at += 4) {
        const [red = 0, green = 0, blue = 0, alpha = 0] = points.slice(at, at + 4);
        if (alpha > 128 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60) coloured++;
      }
      return coloured >= enough;
    },
    [canvas, CURVE_POINTS] as const,
    { polling: 500 },
  );
}
