import assert from "node:assert/strict";
import { join } from "node:path";
import type { BrowserContext, Locator } from "playwright-core";
import { freeUdpPort } from "../support/free-port";
import { send } from "../support/udp";
import { browserUnavailable, type LaunchedBrowser, launchBrowser } from "./browser";
import { EditorPage } from "./editor-page";
import { type InstalledPackage, installPackage } from "./installed-package";
import { watchForErrors } from "./page-errors";
import { describeTargets } from "./targets";

/** What the test needs of the editor's own global. */
declare const RED: { editor: { validateNode(node: unknown): boolean }; nodes: { node(id: string): unknown } };

const SETUP_TIMEOUT_MS = 200_000;
const TEST_TIMEOUT_MS = 60_000;

describeTargets("The dialog of a listener", browserUnavailable, function (target) {
  this.timeout(TEST_TIMEOUT_MS);
  let installed: InstalledPackage;
  let launched: LaunchedBrowser;
  let context: BrowserContext;
  let errors: string[];
  let editor: EditorPage;
  let port: number;
  let dialog: Locator;

  before(async function () {
    this.timeout(SETUP_TIMEOUT_MS);
    installed = await installPackage(target);
    launched = await launchBrowser();
    port = await freeUdpPort();
    await installed.deploy([
      { id: "tab", type: "tab", label: "Flow" },
      { id: "in", type: "udp-sensor-in", z: "tab", x: 200, y: 100, format: "json", port, wires: [[]] },
    ]);
    context = await launched.browser.newContext({ viewport: { width: 1280, height: 1100 }, locale: "en-US" });
    errors = watchForErrors(context);
    editor = await EditorPage.open(context, installed.nodeRed.url, "udp-sensor-in");
    dialog = await editor.openDialog("udp-sensor-in");
  });

  after(async () => {
    await launched?.close();
    await installed?.close();
  });

  const preview = (): Locator => dialog.locator("#udp-sensor-in-preview");

  it("says that nothing has arrived yet, and what to check", async () => {
    const arrivals = dialog.getByRole("group", { name: "What arrives" });
    await arrivals.getByText("nothing received since the deploy").waitFor();
    await arrivals.getByText(`port ${port}`).first().waitFor();
  });

  it("shows what arrives, and what of it is rejected", async () => {
    await send(port, ["kitchen;21.5;<b>C</b>", "attic;19;C"]);
    const arrivals = dialog.getByRole("group", { name: "What arrives" });
    await arrivals.getByText("kitchen;21.5;<b>C</b>").waitFor();
    await arrivals.getByText("2 received, 0 emitted, 2 rejected (format)").waitFor();
  });

  it("shows where the last datagrams stop to be of the format", async () => {
    await dialog.getByRole("tab", { name: "Decode" }).click();
    await preview().getByText("is not JSON").first().waitFor();
    assert.deepEqual(await preview().locator("mark").allTextContents(), ["a", "k"]);
  });

  it("guesses the format, and shows what they become with it", async () => {
    await dialog.getByRole("button", { name: "Guess the format" }).click();
    await preview().getByRole("row", { name: "attic attic 19 C" }).waitFor();
    assert.equal(await dialog.getByLabel("Format").inputValue(), "csv");
    assert.equal(await dialog.getByLabel("Separator").inputValue(), ";");
  });

  it("follows the options as they are entered, before any of it is deployed", async () => {
    await dialog.locator("#node-input-csvColumns").fill("sensor, value, unit");
    await dialog.getByLabel("Topic").fill("plant/{sensor}");
    await preview().getByRole("row", { name: "Topic sensor value unit" }).waitFor();
    await preview().getByRole("row", { name: "plant/attic attic 19 C" }).waitFor();
    await editor.screenshot(join(__dirname, "screenshots", `${target.name}-preview.png`));
    await dialog.getByLabel("Topic").fill("plant/{sensor");
    await preview()
      .getByText(/^Topic must be/)
      .waitFor();
  });

  it("decodes a datagram that is entered by hand, a binary one in hexadecimal", async () => {
    await dialog.getByLabel("Topic").fill("{sensor|ip}");
    await dialog.getByLabel("Format").selectOption("cbor");
    await dialog.getByLabel("Try another").fill("a1 61 74 15");
    await preview().getByText('{"t":21}').waitFor();
  });

  it("shows which bytes of a datagram belong to which field of a record", async () => {
    await dialog.getByLabel("Try another").fill("07 00 eb 00 ff");
    await dialog.getByLabel("Format").selectOption("struct");
    for (const [index, name] of ["id", "temp"].entries()) {
      await dialog.getByRole("button", { name: "field" }).click();
      await dialog
        .getByLabel("Name", { exact: true })
        .nth(index + 1)
        .fill(name);
      await dialog.getByLabel("Type").nth(index).fill("i16");
    }
    await dialog.getByText("Bytes in a record: 4").waitFor();
    await preview().getByText('{"id":7,"temp":235}').waitFor();
    assert.deepEqual(await preview().locator(".sensorcast-field").allTextContents(), ["07 00", "eb 00"]);
  });

  it("leaves a node that is valid, also once it is closed", async () => {
    await editor.acceptDialog();
    assert.deepEqual(await editor.page.evaluate(() => RED.editor.validateNode(RED.nodes.node("in"))), true);
  });

  it("has nothing to complain about in the browser's console, besides options that were refused", () => {
    assert.deepEqual(
      errors.filter((error) => !/status of 400.*preview/.test(error)),
      [],
    );
  });
});
