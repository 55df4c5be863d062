import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { join } from "node:path";
import type { BrowserContext, Locator } from "playwright-core";
import { freeUdpPort } from "../support/free-port";
import { askUpgrade } from "../support/raw-http";
import { send } from "../support/udp";
import { WsClient } from "../support/ws-client";
import type { FlowNode } from "./admin-api";
import { browserUnavailable, type LaunchedBrowser, launchBrowser } from "./browser";
import { EditorPage } from "./editor-page";
import { type InstalledPackage, installPackage } from "./installed-package";
import { watchForErrors } from "./page-errors";
import { CountedSteps } from "./steps";
import { describeTargets } from "./targets";

const SETUP_TIMEOUT_MS = 200_000;
const TEST_TIMEOUT_MS = 120_000;
const TAB: FlowNode = { id: "tab", type: "tab", label: "Flow" };

describeTargets("What a new user wants takes few steps", browserUnavailable, function (target) {
  this.timeout(TEST_TIMEOUT_MS);
  let installed: InstalledPackage;
  let launched: LaunchedBrowser;
  let context: BrowserContext;
  let errors: string[];
  let editor: EditorPage;
  let steps: CountedSteps;
  let port: number;

  before(async function () {
    this.timeout(SETUP_TIMEOUT_MS);
    installed = await installPackage(target);
    launched = await launchBrowser();
    context = await launched.browser.newContext({
      viewport: { width: 1280, height: 1000 },
      locale: "en-US",
      permissions: ["clipboard-read", "clipboard-write"],
    });
    errors = watchForErrors(context);
    port = await freeUdpPort();
  });

  after(async () => {
    await launched?.close();
    await installed?.close();
  });

  afterEach(async () => {
    await editor.page.close();
  });

  /** An editor with these nodes deployed. */
  async function start(...nodes: FlowNode[]): Promise<void> {
    await installed.deploy(nodes.length === 0 ? [] : [TAB, ...nodes]);
    editor = await EditorPage.open(context, installed.nodeRed.url, "udp-sensor-in");
    steps = new CountedSteps(editor);
  }

  const listener = (changes: object = {}): FlowNode => {
    return {
      id: "in",
      type: "udp-sensor-in",
      z: "tab",
      x: 200,
      y: 100,
      port: String(port),
      wires: [["out"]],
      ...changes,
    };
  };
  const broadcaster: FlowNode[] = [
    { id: "out", type: "ws-broadcast-out", z: "tab", x: 500, y: 100, server: "server", wires: [] },
    { id: "server", type: "ws-broadcast-server", path: "/ws", credentials: { tokens: "", jwtKey: "" } },
  ];
  const preview = (dialog: Locator): Locator => dialog.locator("#udp-sensor-in-preview");
  const done = (): Locator => editor.page.locator("#node-dialog-ok");
  const webSocketUrl = (): string => `${installed.nodeRed.url.replace("http", "ws")}/ws`;

  it("first values on a page: 8", async () => {
    await start();
    await steps.drop("udp-sensor-in", { x: 200, y: 100 });
    await steps.drop("ws-broadcast-out", { x: 500, y: 100 });
    await steps.wire("udp-sensor-in", "ws-broadcast-out");
    // The default port may be taken on this machine; on the user's it is not.
    await editor.setUdpPort(port);
    await steps.deploy();
    const sidebar = await steps.openSidebar();
    await steps.click(sidebar.getByRole("button", { name: "Send a test datagram" }));
    const opened = context.waitForEvent("page");
    await steps.click(sidebar.getByRole("link", { name: "Open live page" }));
    const page = await opened;
    await page.getByText("21.5").first().waitFor();
    await page.close();
    steps.atMost(8);
  });

  it("columns of CSV, with names: 6", async () => {
    await start(listener());
    await send(port, ["attic;21,5", "hall;19,0"]);
    const dialog = await steps.openDialog("udp-sensor-in");
    await dialog.getByText("attic;21,5").first().waitFor();
    await steps.click(dialog.getByRole("tab", { name: "Decode" }));
    await steps.click(dialog.getByRole("button", { name: "Guess the format" }));
    await steps.fill(dialog.getByLabel("Columns"), "sensor, temperature");
    const table = preview(dialog).getByRole("table");
    await table.getByRole("columnheader", { name: "temperature" }).waitFor();
    assert.deepEqual(await table.locator("tbody tr").first().locator("td").allTextContents(), ["hall", "hall", "19"]);
    await editor.screenshot(join(__dirname, "screenshots", `${target.name}-csv.png`));
    await steps.click(done());
    await steps.deploy();
    steps.atMost(6);
  });

  it("a binary record of three fields, with a preview: 10", async () => {
    await start(listener());
    await send(port, [Buffer.from("0700eb0028", "hex")]);
    const dialog = await steps.openDialog("udp-sensor-in");
    await steps.click(dialog.getByRole("tab", { name: "Decode" }));
    await steps.choose(dialog.getByLabel("Format"), "Binary record");
    await steps.fill(
      dialog.getByLabel("From C"),
      "struct {\n  uint16_t id; // of the board\n  int16_t temperature;\n  uint8_t humidity;\n};",
    );
    await preview(dialog).getByText('{"id":7,"temperature":235,"humidity":40}').waitFor();
    await editor.screenshot(join(__dirname, "screenshots", `${target.name}-record.png`));
    await steps.click(done());
    await steps.deploy();
    steps.atMost(10);
  });

  it("the record of a well-known device, with a preview: 10", async () => {
    await start(listener());
    const dialog = await steps.openDialog("udp-sensor-in");
    await steps.click(dialog.getByRole("tab", { name: "Decode" }));
    await steps.choose(dialog.getByLabel("Format"), "Binary record");
    await steps.choose(dialog.getByLabel("Ready-made"), "u-blox GNSS (UBX-NAV-PVT)");
    await dialog.getByText("Bytes in a record: 74").waitFor();
    await editor.screenshot(join(__dirname, "screenshots", `${target.name}-device.png`));
    await steps.click(done());
    await steps.deploy();
    steps.atMost(10);
  });

  it("a token for one topic, copied: 8", async () => {
    await start(listener(), ...broadcaster);
    const sidebar = await steps.openSidebar();
    const card = sidebar.locator("details.sensorcast-node", { hasText: "/ws" });
    await steps.click(card.getByRole("button", { name: "Tokens" }));
    const dialog = editor.page.locator(".red-ui-tray:has(#node-config-dialog-ok)");
    await steps.click(dialog.getByRole("button", { name: "token" }));
    await steps.fill(dialog.getByLabel("Topics", { exact: true }), "attic");
    await steps.click(dialog.locator(".sensorcast-secret").getByRole("button", { name: "Copy" }));
    const token = await editor.page.evaluate(() => navigator.clipboard.readText());
    await steps.click(editor.page.locator("#node-config-dialog-ok"));
    await dialog.waitFor({ state: "detached" });
    await steps.deploy();
    steps.atMost(8);
    assert.equal((await askUpgrade({ port: installed.nodeRed.port, path: "/ws" })).status, 401);
    const client = await WsClient.connect(`${webSocketUrl()}?token=${token}`);
    await client.close();
  });

  it("who is connected, and to disconnect one: 3; the address of the server: 1 in the sidebar", async () => {
    await start(listener(), ...broadcaster);
    const client = await WsClient.connect(`${webSocketUrl()}?topic=attic`);
    const sidebar = await steps.openSidebar();
    const row = sidebar.locator(".sensorcast-cards li", { hasText: "127.0.0.1" }).first();
    await row.getByText("attic").waitFor();
    await steps.click(row.getByRole("button", { name: "Disconnect" }));
    assert.equal((await client.closed).code, 1000);
    steps.atMost(3);
    steps = new CountedSteps(editor);
    const card = sidebar.locator("details.sensorcast-node", { hasText: "/ws" });
    await steps.click(card.getByRole("button", { name: "Copy" }));
    assert.equal(await editor.page.evaluate(() => navigator.clipboard.readText()), webSocketUrl());
    steps.atMost(1);
  });

  it("a sender process, compression and metrics, from an empty flow: 13", async () => {
    await start();
    await steps.drop("udp-sensor-in", { x: 200, y: 100 });
    await steps.drop("ws-broadcast-out", { x: 500, y: 100 });
    await steps.wire("udp-sensor-in", "ws-broadcast-out");
    await editor.setUdpPort(port);
    await steps.openDialog("ws-broadcast-out");
    await steps.click(editor.page.locator("#node-input-btn-server-edit"));
    const dialog = editor.page.locator(".red-ui-tray:has(#node-config-dialog-ok)");
    await steps.click(dialog.getByLabel("Give Prometheus the metrics"));
    await steps.click(dialog.getByRole("tab", { name: "Messages" }));
    await steps.click(dialog.getByLabel("Compress what is sent"));
    await steps.click(dialog.getByRole("tab", { name: "Limits" }));
    await steps.fill(dialog.getByLabel("Sender processes"), "1");
    await editor.screenshot(join(__dirname, "screenshots", `${target.name}-senders.png`));
    await steps.click(editor.page.locator("#node-config-dialog-ok"));
    await dialog.waitFor({ state: "detached" });
    await steps.click(done());
    await steps.deploy();
    steps.atMost(13);
    const client = await WsClient.connect(webSocketUrl());
    await send(port, ["21.5"]);
    assert.equal(await client.next(), "21.5");
    const metrics = await (await fetch(`${webSocketUrl().replace("ws", "http")}/metrics`)).text();
    assert.match(metrics, /^sensorcast_sender_processes(\{.*\})? 1$/m);
    assert.deepEqual(await editor.page.locator(".red-ui-notification-error:visible").allTextContents(), []);
    await client.close();
  });

  describe("why there is nothing, found in the editor:", () => {
    let taken: Socket | undefined;

    afterEach(() => {
      taken?.close();
      taken = undefined;
    });

    /** Opens the dialog. @returns what arrives, or why not */
    const arrivals = async (): Promise<Locator> =>
      (await editor.openDialog("udp-sensor-in")).getByRole("group", { name: "What arrives" });

    it("another port", async () => {
      await start(listener());
      await send(await freeUdpPort(), ["21.5"]);
      await (await arrivals()).getByText(`Devices must send UDP to port ${port} of an address below.`).waitFor();
      await editor.cancelDialog();
      await editor.waitForStatus("udp-sensor-in", /^nothing since \d\d:\d\d$/);
    });

    it("another format", async () => {
      await start(listener({ format: "json" }));
      await send(port, ["attic;21,5"]);
      await editor.waitForStatus("udp-sensor-in", /^rejected: format$/);
      await (await arrivals()).getByText("None of them could be read as json").waitFor();
    });

    it("a sender that is not allowed", async () => {
      await start(listener({ allow: ["10.9.8.7"] }));
      await send(port, ["21.5"]);
      await editor.waitForStatus("udp-sensor-in", /^rejected: sender$/);
      await (await arrivals()).getByText("the sender is not among those allowed").waitFor();
    });

    it("a group that nobody sends to", async () => {
      await start(listener({ groups: ["239.9.8.7"], address: "127.0.0.1" }));
      await editor.waitForStatus("udp-sensor-in", /^239\.9\.8\.7 lo/);
      await (await arrivals()).getByText("The group is joined on: lo").waitFor();
    });

    it("a port that is taken", async () => {
      taken = createSocket("udp4");
      taken.bind(0);
      await once(taken, "listening");
      await start(listener({ port: String(taken.address().port) }));
      await editor.waitForStatus("udp-sensor-in", /^port in use$/);
      await (await arrivals()).getByText("is in use by another socket").waitFor();
    });

    it("a value that is not accepted, by its label, in status and dialog", async () => {
      await start(listener({ maxBytes: "0" }));
      await editor.waitForStatus("udp-sensor-in", /^bad Max\. bytes$/);
      await (await arrivals()).getByText('Max. bytes must be a whole number from 1 to 65507, not "0"').waitFor();
    });
  });

  it("has nothing to complain about in the browser's console", () => {
    assert.deepEqual(
      errors.filter((error) => !/status of 400.*preview/.test(error)),
      [],
    );
  });
});
