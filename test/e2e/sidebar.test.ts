import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { join } from "node:path";
import type { BrowserContext, Locator } from "playwright-core";
import { freeUdpPort } from "../support/free-port";
import { WsClient } from "../support/ws-client";
import type { FlowNode } from "./admin-api";
import { browserUnavailable, type LaunchedBrowser, launchBrowser } from "./browser";
import { EditorPage } from "./editor-page";
import { type InstalledPackage, installPackage, MODULE } from "./installed-package";
import { watchForErrors } from "./page-errors";
import { describeTargets } from "./targets";

const SETUP_TIMEOUT_MS = 200_000;
const TEST_TIMEOUT_MS = 120_000;
const CLIENTS = 500;
const TOPICS = 2000;
/** What a device may call itself. */
const HOSTILE = '<img src=x onerror="window.hacked=1">';
const DATAGRAMS_AT_ONCE = 100;

declare const RED: {
  sidebar: { show(id: string): void };
  nodes: { node(id: string): { allow?: string[]; origins?: string[] } | null; dirty(): boolean };
  view: { selection(): { nodes?: { id: string }[] } };
};

describeTargets("The sidebar", browserUnavailable, function (target) {
  this.timeout(TEST_TIMEOUT_MS);
  let installed: InstalledPackage;
  let launched: LaunchedBrowser;
  let context: BrowserContext;
  let errors: string[];
  let editor: EditorPage;
  let port: number;
  let strictPort: number;
  const clients: WsClient[] = [];

  const screenshot = (name: string): string => join(__dirname, "screenshots", `${target.name}-sidebar-${name}.png`);
  const sidebar = (): Locator => editor.page.locator(".sensorcast-sidebar");
  const section = (name: string): Locator =>
    sidebar().locator("details.sensorcast-section", {
      has: editor.page.locator("summary", { hasText: new RegExp(`^${name}$`) }),
    });
  const card = (name: string): Locator => sidebar().locator("details.sensorcast-node", { hasText: name }).first();

  before(async function () {
    this.timeout(SETUP_TIMEOUT_MS);
    installed = await installPackage(target);
    [port, strictPort] = [await freeUdpPort(), await freeUdpPort()];
    await installed.deploy(flow(port, strictPort));
    launched = await launchBrowser();
    context = await launched.browser.newContext({ viewport: { width: 1280, height: 1000 }, locale: "en-US" });
    errors = watchForErrors(context);
    editor = await EditorPage.open(context, installed.nodeRed.url, "udp-sensor-in");
    await editor.page.evaluate(() => RED.sidebar.show("sensorcast"));
    await sidebar().waitFor();
  });

  after(async () => {
    for (const client of clients) client.socket.terminate();
    await launched?.close();
    await installed?.close();
  });

  it("says that nothing has come yet, where devices send to, and what to check", async () => {
    const listener = card("all devices");
    await listener.getByText("nothing received since the deploy").waitFor();
    await listener.getByText(`127.0.0.1:${port}`).waitFor();
    await listener.getByText(`A firewall must let UDP port ${port} in`).waitFor();
    await card("/ws").getByText("nobody is connected").first().waitFor();
    await editor.screenshot(screenshot("empty"));
  });

  it("shows a test datagram that it sends", async () => {
    await card("all devices").getByRole("button", { name: "Send a test datagram" }).click();
    await card("all devices").locator("td", { hasText: "kitchen" }).first().waitFor();
  });

  it("selects on the canvas what is clicked: a listener, one by its topic, and the nodes of a server", async () => {
    const selected = () => editor.page.evaluate(() => RED.view.selection().nodes?.map(({ id }) => id));
    const title = (name: string) => card(name).locator("summary .sensorcast-name").click();
    await title("one device");
    assert.deepEqual(await selected(), ["strict"]);
    await title("one device");
    await card("all devices").locator("td", { hasText: "kitchen" }).first().click();
    assert.deepEqual(await selected(), ["in"]);
    await title("/ws");
    assert.deepEqual(await selected(), ["out"]);
    await title("/ws");
  });

  it("shows what devices send, whatever they call themselves, and finds one of 2000", async () => {
    const readings = Array.from({ length: TOPICS }, (_, index) => ({ sensor: `hall/sensor-${index}`, value: index }));
    await sendAll(port, [...readings, { sensor: HOSTILE, value: HOSTILE }]);
    const listener = card("all devices");
    await listener.getByRole("searchbox").fill("SENSOR-1999");
    const row = listener.locator("tbody tr");
    await row.filter({ hasText: "hall/sensor-1999" }).waitFor();
    await listener.getByText(/^1 of 20\d\d$/).waitFor();
    assert.equal(await row.count(), 1);
    await listener.getByRole("searchbox").fill("onerror");
    await row.filter({ hasText: "<img src=x onerror" }).waitFor();
    assert.equal(await sidebar().locator("img").count(), 0);
    await listener.getByRole("searchbox").fill("");
    await listener.getByText(/^1\/8\d \(20\d\d\)$/).waitFor();
    await listener.getByRole("button", { name: "Next page" }).click();
    await listener.getByText(/^2\/8\d \(20\d\d\)$/).waitFor();
    await editor.screenshot(screenshot("topics"));
  });

  it("shows a rejected datagram, and allows its sender in the editor", async () => {
    await sendAll(strictPort, [{ sensor: HOSTILE, value: 1 }]);
    await section("Rejected").locator("> summary").click();
    const rejected = section("Rejected").locator("li").first();
    await rejected.getByText("the sender is not among those allowed").waitFor();
    await rejected.getByText("7b 22 73 65").waitFor();
    await editor.screenshot(screenshot("rejected"));
    await rejected.getByRole("button", { name: "Allow this sender" }).click();
    const [allowed, dirty] = await editor.page.evaluate(() => [RED.nodes.node("strict")?.allow, RED.nodes.dirty()]);
    assert.deepEqual(allowed, ["10.9.8.7", "127.0.0.1"]);
    assert.equal(dirty, true);
    assert.ok((await editor.deploy()) < 300);
    await sendAll(strictPort, [{ sensor: "attic", value: 1 }]);
    await card("one device").getByText("receives", { exact: true }).waitFor();
    await section("Rejected").locator("> summary").click();
  });

  it("shows who is connected, of 500, and disconnects one", async () => {
    await installed.deploy(flow(port, strictPort));
    for (let number = 0; number < CLIENTS; number++) {
      clients.push(await WsClient.connect(`${installed.nodeRed.url.replace("http", "ws")}/ws?topic=hall/%23`));
    }
    const odd = await WsClient.connect(
      `${installed.nodeRed.url.replace("http", "ws")}/ws?topic=attic/${encodeURIComponent(HOSTILE)}`,
    );
    clients.push(odd);
    await sendAll(
      port,
      Array.from({ length: TOPICS }, (_, index) => ({ sensor: `hall/sensor-${index}`, value: index })),
    );
    const server = card("/ws");
    await server.getByText("clients: 501", { exact: true }).waitFor();
    await server.getByRole("searchbox").first().fill("onerror");
    await server.getByText("1 of 501").waitFor();
    await editor.screenshot(screenshot("clients"));
    await server.getByRole("button", { name: "Disconnect" }).click();
    assert.equal((await odd.closed).code, 1000);
    await server.getByText("0 of 500").waitFor();
    assert.equal(await sidebar().locator("img").count(), 0);
  });

  it("shows who was refused, and allows an origin in the editor", async () => {
    await assert.rejects(
      WsClient.connect(`${installed.nodeRed.url.replace("http", "ws")}/ws`, { origin: "https://page.example" }),
    );
    const refused = card("/ws").locator(".sensorcast-cards li", { hasText: "https://page.example" });
    await refused.waitFor();
    await refused.getByRole("button", { name: "Allow this origin" }).click();
    assert.deepEqual(await editor.page.evaluate(() => RED.nodes.node("server")?.origins), ["https://page.example"]);
  });

  it("has no room too narrow for it", async () => {
    for (const [width, name] of [
      [900, "narrow"],
      [1800, "wide"],
    ] as const) {
      await editor.page.setViewportSize({ width, height: 1000 });
      const overflow = await sidebar().evaluate((element) => element.scrollWidth - element.clientWidth);
      assert.ok(overflow <= 0, `${overflow} pixels do not fit at ${width}`);
      await editor.screenshot(screenshot(name));
    }
    await editor.page.setViewportSize({ width: 1280, height: 1000 });
  });

  if (target.hasDarkTheme) {
    it("is dark in the dark theme", async () => {
      await editor.page.evaluate(() => localStorage.setItem("view-dark-theme", "dark"));
      const dark = await EditorPage.open(context, installed.nodeRed.url, "udp-sensor-in");
      await dark.page.locator("html.nr-theme-dark").waitFor();
      await dark.page.evaluate(() => RED.sidebar.show("sensorcast"));
      await dark.page.locator(".sensorcast-sidebar tbody tr").first().waitFor();
      await dark.screenshot(screenshot("dark"));
      await dark.page.close();
    });
  }

  it("shows data and no actions to a user who may only read", async () => {
    const reader = await launched.browser.newContext({ viewport: { width: 1280, height: 1000 }, locale: "en-US" });
    await reader.route(/\/settings(\?|$)/, async (route) => {
      const settings = await (await route.fetch()).json();
      await route.fulfill({ json: { ...settings, user: { username: "reader", permissions: "read" } } });
    });
    const { page } = await EditorPage.open(reader, installed.nodeRed.url, "udp-sensor-in");
    await page.evaluate(() => RED.sidebar.show("sensorcast"));
    const shown = page.locator(".sensorcast-sidebar");
    await shown.locator("tbody tr").first().waitFor();
    await shown.locator("li", { hasText: "127.0.0.1" }).first().waitFor();
    for (const name of ["Send a test datagram", "Disconnect", "Forget", "Allow this origin", "Allow this sender"]) {
      assert.equal(await shown.getByRole("button", { name }).count(), 0, name);
    }
    await reader.close();
  });

  it("goes with the package", async () => {
    for (const client of clients) client.socket.terminate();
    await installed.api.deploy([]);
    await installed.api.uninstall(MODULE);
    await sidebar().waitFor({ state: "detached" });
    assert.equal(await editor.page.evaluate(() => "hacked" in window), false);
    const real = errors.filter((error) => !/sensorcast\/|\/flows|favicon/.test(error));
    assert.deepEqual(real, []);
  });
});

/** Two listeners, the second of which lets one device in, and a server. */
function flow(port: number, strictPort: number): FlowNode[] {
  const at = { z: "tab", y: 100, wires: [["out"]] };
  return [
    { id: "tab", type: "tab", label: "Sensors" },
    { id: "in", type: "udp-sensor-in", name: "all devices", port: String(port), x: 150, ...at },
    {
      id: "strict",
      type: "udp-sensor-in",
      name: "one device",
      port: String(strictPort),
      allow: ["10.9.8.7"],
      x: 150,
      ...at,
      y: 200,
    },
    { id: "out", type: "ws-broadcast-out", server: "server", x: 450, y: 100, z: "tab", wires: [] },
    { id: "server", type: "ws-broadcast-server", path: "/ws", name: "" },
  ];
}

/** Not faster than a listener takes them. */
async function sendAll(port: number, readings: readonly object[]): Promise<void> {
  const socket = createSocket("udp4");
  for (let start = 0; start < readings.length; start += DATAGRAMS_AT_ONCE) {
    const datagram = readings.slice(start, start + DATAGRAMS_AT_ONCE).map((reading) => JSON.stringify(reading));
    await new Promise<void>((resolve, reject) => {
      socket.send(datagram.join("\n"), port, "127.0.0.1", (error) => (error ? reject(error) : resolve()));
    });
  }
  socket.close();
}
