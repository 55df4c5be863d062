// Takes the pictures of the README from the running product: `npm run pictures`. Newest Node-RED, light and dark.
import { join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { freeUdpPort, udpPortIsFree } from "../support/free-port";
import { WsClient } from "../support/ws-client";
import { browserUnavailable, launchBrowser } from "./browser";
import { EditorPage } from "./editor-page";
import { EXAMPLE, type InstalledPackage, installPackage, MODULE, onUdpPort } from "./installed-package";
import { SensorsPage } from "./sensors-page";
import { targets } from "./targets";

const PICTURES = resolve(__dirname, "../../.github/screenshots");
const EDITOR_SIZE = { width: 1440, height: 1000 };
const PAGE_SIZE = { width: 960, height: 700 };
const FLOW = "Sensors to browser";
const DEFAULT_PORT = 41234;
const LISTENER = "udp-sensor-in";
const VIEWERS = 3;
/** Changes of a value that are waited for, so that charts have something to show. */
const CHANGES = 20;

const THEMES = ["light", "dark"] as const;
type Theme = (typeof THEMES)[number];

declare const RED: { sidebar: { show(id: string): void } };

const file = (name: string, theme: Theme): string => join(PICTURES, `${name}-${theme}.png`);

async function takePictures(installed: InstalledPackage, browser: Browser): Promise<void> {
  const { url } = installed.nodeRed;
  const port = (await udpPortIsFree(DEFAULT_PORT)) ? DEFAULT_PORT : await freeUdpPort();
  await installed.deploy(onUdpPort(await installed.api.example(MODULE, EXAMPLE), port));
  const viewers: WsClient[] = [];
  for (let number = 0; number < VIEWERS; number++)
    viewers.push(await WsClient.connect(`${url.replace("http", "ws")}/ws`));
  await Promise.all(viewers.map((viewer) => viewer.nextJson()));
  for (const theme of THEMES) {
    await takePage(browser, url, theme);
    await takeEditor(browser, url, theme);
  }
  for (const viewer of viewers) viewer.socket.terminate();
}

async function takePage(browser: Browser, url: string, theme: Theme): Promise<void> {
  const context = await browser.newContext({ viewport: PAGE_SIZE, locale: "en-US", colorScheme: theme });
  const sensors = await SensorsPage.open(context, url);
  for (let change = 0; change < CHANGES; change++) {
    await sensors.waitForOtherThan("power", await sensors.valueOf("power"));
  }
  await sensors.page.screenshot({ path: file("page", theme) });
  await context.close();
}

/** Canvas with sidebar, and the dialog of the listener. */
async function takeEditor(browser: Browser, url: string, theme: Theme): Promise<void> {
  const context = await browser.newContext({ viewport: EDITOR_SIZE, locale: "en-US" });
  await context.addInitScript((wanted) => localStorage.setItem("view-dark-theme", wanted), theme);
  const editor = await EditorPage.open(context, url, LISTENER);
  await editor.showFlow(FLOW);
  await editor.waitForStatus(LISTENER, /\d\/s/);
  await editor.page.evaluate(() => RED.sidebar.show("sensorcast"));
  await editor.page.locator(".sensorcast-sidebar tbody tr").first().waitFor();
  // It takes most of the sidebar.
  await editor.page.locator('button[data-tab-id="debug"]').click();
  await editor.screenshot(file("editor", theme));
  const dialog = await editor.openDialog(LISTENER);
  await dialog.getByText("Decode", { exact: true }).click();
  // Among what arrives, and in what it becomes.
  await dialog.getByText("boiler").nth(1).waitFor();
  await editor.screenshot(file("listener", theme));
  await context.close();
}

async function main(): Promise<void> {
  const target = targets.find(({ hasDarkTheme, unavailable }) => hasDarkTheme && unavailable === undefined);
  const missing =
    browserUnavailable ?? (target === undefined ? "a Node-RED with a dark theme runs nowhere here" : undefined);
  if (missing !== undefined || target === undefined) throw new Error(missing);
  const installed = await installPackage(target);
  const launched = await launchBrowser();
  try {
    await takePictures(installed, launched.browser);
  } finally {
    await launched.close();
    await installed.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
