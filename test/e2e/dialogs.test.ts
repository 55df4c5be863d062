import assert from "node:assert/strict";
import type { BrowserContext, Locator } from "playwright-core";
import { freeUdpPort } from "../support/free-port";
import { until } from "../support/until";
import type { FlowNode } from "./admin-api";
import { browserUnavailable, type LaunchedBrowser, launchBrowser } from "./browser";
import { EditorPage } from "./editor-page";
import { type InstalledPackage, installPackage } from "./installed-package";
import { watchForErrors } from "./page-errors";
import { describeTargets } from "./targets";

const SETUP_TIMEOUT_MS = 200_000;
const TEST_TIMEOUT_MS = 60_000;
/** Else Node-RED keeps those that a server of the same id had before. */
const NO_SECRETS = { credentials: { tokens: "", jwtKey: "" } };
const VIEWPORT = { width: 1280, height: 1000 };

describeTargets("The dialogs", browserUnavailable, function (target) {
  this.timeout(TEST_TIMEOUT_MS);
  let installed: InstalledPackage;
  let launched: LaunchedBrowser;
  let context: BrowserContext;
  let errors: string[];
  let editor: EditorPage;
  let udpPort: number;

  before(async function () {
    this.timeout(SETUP_TIMEOUT_MS);
    installed = await installPackage(target);
    launched = await launchBrowser();
    udpPort = await freeUdpPort();
  });

  beforeEach(async () => {
    context = await launched.browser.newContext({ viewport: VIEWPORT, locale: "en-US" });
    errors = watchForErrors(context);
  });

  afterEach(async () => {
    await context.close();
    // A preview of options that are refused is answered 400, which browsers put into their console.
    assert.deepEqual(
      errors.filter((error) => !/status of 400.*preview/.test(error)),
      [],
    );
  });

  after(async () => {
    await launched?.close();
    await installed?.close();
  });

  /** A listener `in`, a broadcaster `out` and its server `server`. */
  async function edit(changes: { listener?: object; server?: object; others?: FlowNode[] } = {}): Promise<void> {
    await installed.deploy([
      { id: "tab", type: "tab", label: "Flow" },
      { id: "server", type: "ws-broadcast-server", path: "/ws", ...NO_SECRETS, ...changes.server },
      {
        id: "in",
        type: "udp-sensor-in",
        z: "tab",
        x: 200,
        y: 100,
        port: udpPort,
        wires: [["out"]],
        ...changes.listener,
      },
      { id: "out", type: "ws-broadcast-out", z: "tab", x: 500, y: 100, server: "server", wires: [] },
      ...(changes.others ?? []),
    ]);
    editor = await EditorPage.open(context, installed.nodeRed.url, "udp-sensor-in");
  }

  async function openListener(tab: string): Promise<Locator> {
    const dialog = await editor.openDialog("udp-sensor-in");
    await dialog.getByRole("tab", { name: tab }).click();
    return dialog;
  }

  async function openServer(tab: string): Promise<Locator> {
    await editor.openDialog("ws-broadcast-out");
    const dialog = await editor.openConfigDialog("server");
    await dialog.getByRole("tab", { name: tab }).click();
    return dialog;
  }

  async function deployed(id: string): Promise<FlowNode | undefined> {
    assert.ok((await editor.deploy()) < 300);
    return (await installed.api.flows()).find((node) => node.id === id);
  }

  it("mark a list that is not valid, when it is entered and when the dialog is opened again", async () => {
    await edit();
    const dialog = await openListener("Limits");
    const senders = dialog.getByLabel("Senders");
    await senders.pressSequentially("10.0.0.1, 999.1.1.1");
    assert.match((await senders.getAttribute("class")) ?? "", /input-error/);
    await editor.acceptDialog();
    assert.match((await editor.problemsOf("in")).join(), /^Senders must be an IP address or a block.*"999\.1\.1\.1"$/);
    const again = await openListener("Limits");
    assert.match((await again.getByLabel("Senders").getAttribute("class")) ?? "", /input-error/);
    await editor.cancelDialog();
  });

  it("refuse a CSV column that no object can have, and go on", async () => {
    await edit();
    const dialog = await openListener("Decode");
    await dialog.getByLabel("Format").selectOption("csv");
    await dialog.locator("#node-input-csvColumns").fill("wind speed, __proto__");
    await editor.acceptDialog();
    assert.match((await editor.problemsOf("in")).join(), /^Columns must be a name other than __proto__/);
    await openListener("Decode");
    await editor.cancelDialog();
  });

  it("refuse a record without a field", async () => {
    await edit();
    const dialog = await openListener("Decode");
    await dialog.getByLabel("Format").selectOption("struct");
    await editor.acceptDialog();
    assert.match((await editor.problemsOf("in")).join(), /at least one field/);
    const again = await openListener("Decode");
    await again.getByRole("button", { name: "field" }).click();
    await again.locator("[data-column=name]").fill("temperature");
    await editor.acceptDialog();
    assert.deepEqual(await editor.problemsOf("in"), []);
  });

  it("keep a server of its own that, and ask for its port", async () => {
    await edit({ server: { port: "18080" } });
    const dialog = await openServer("Connection");
    assert.equal(await dialog.getByLabel("Runs on").inputValue(), "own");
    await dialog.getByLabel("Port").fill("");
    await editor.acceptConfigAndDialog();
    assert.match((await editor.problemsOf("server")).join(), /^Port must be a whole number from 1 to 65535, not ""$/);
    assert.match((await editor.problemsOf("out")).join(), /Server/);
    const saved = await deployed("server");
    assert.deepEqual([saved?.where, saved?.port], ["own", ""]);
    const said = 'Port must be a whole number from 1 to 65535, not ""';
    await until(() => installed.nodeRed.log().includes(said), "the runtime did not say what is wrong");
  });

  it("leave a port of its own behind for Node-RED's server", async () => {
    await edit({ server: { where: "own", port: "18080" } });
    const dialog = await openServer("Connection");
    await dialog.getByLabel("Runs on").selectOption("shared");
    const address = await dialog.locator("#ws-broadcast-server-url").textContent();
    assert.equal(address, `${installed.nodeRed.url.replace("http", "ws")}/ws`);
    await editor.acceptConfigAndDialog();
    assert.equal((await deployed("server"))?.where, "shared");
  });

  for (const [answer, requireToken, titled] of [
    ["Everybody who reaches the server", false, "everybody"],
    ["Nobody, until a token is listed", true, "nobody"],
  ] as const) {
    it(`ask who gets in when the last token goes: ${titled}`, async () => {
      const tokens = [{ name: "display", token: "0123456789abcdef", topics: ["#"] }];
      await edit({ server: { requireToken: true, credentials: { tokens: JSON.stringify(tokens) } } });
      const dialog = await openServer("Security: 1 token");
      await dialog.locator(".red-ui-editableList-item-remove").click();
      await editor.page.getByRole("button", { name: answer }).click();
      await dialog.getByRole("tab", { name: `Security: ${titled}` }).waitFor();
      assert.equal(await dialog.getByLabel("Let nobody in").isChecked(), requireToken);
      await editor.acceptConfigAndDialog();
      const problems = (await editor.problemsOf("server")).join();
      if (requireToken) assert.match(problems, /none is listed/);
      else assert.equal(problems, "");
    });
  }

  it("give back the last token when it was removed by mistake", async () => {
    const tokens = [{ name: "display", token: "0123456789abcdef", topics: ["plant/#"] }];
    await edit({ server: { requireToken: true, credentials: { tokens: JSON.stringify(tokens) } } });
    const dialog = await openServer("Security: 1 token");
    await dialog.locator(".red-ui-editableList-item-remove").click();
    await editor.page.getByRole("button", { name: "Keep the token" }).click();
    await dialog.getByRole("tab", { name: "Security: 1 token" }).waitFor();
    assert.equal(await dialog.getByLabel("Topics").first().inputValue(), "plant/#");
    await editor.acceptConfigAndDialog();
    assert.deepEqual(await editor.problemsOf("server"), []);
  });

  it("mark what is wrong with a token, and the whole server as long as it is", async () => {
    await edit();
    const dialog = await openServer("Security");
    await dialog.getByRole("button", { name: "token" }).click();
    await dialog.getByLabel("Name", { exact: true }).last().fill("");
    assert.match((await dialog.getByLabel("Name", { exact: true }).last().getAttribute("class")) ?? "", /input-error/);
    await editor.acceptConfigAndDialog();
    assert.match((await editor.problemsOf("server")).join(), /must have a name/);
  });

  it("mark a key that JSON Web Tokens cannot be checked with, and the whole server", async () => {
    await edit();
    const dialog = await openServer("Security");
    await dialog.getByLabel("JSON Web Tokens").selectOption("HS256");
    const key = dialog.getByLabel("Key");
    await key.fill("short");
    await dialog.locator("#node-config-input-jwtKey.input-error").waitFor();
    await editor.acceptConfigAndDialog();
    assert.match((await editor.problemsOf("server")).join(), /secret is too short/);
    const again = await openServer("Security: JWT");
    await again.getByLabel("Key").fill("a secret of more than thirty-two bytes");
    await again.locator("#node-config-input-jwtKey:not(.input-error)").waitFor();
    await editor.acceptConfigAndDialog();
    assert.deepEqual(await editor.problemsOf("server"), []);
  });

  it("let a choice be set by the environment, and show the address that it gives", async () => {
    const env = [{ name: "SITE", value: "plant", type: "str" }];
    await edit({ server: { path: "/${SITE}" }, others: [{ id: "globals", type: "global-config", env }] });
    const dialog = await openServer("Messages");
    const url = dialog.locator("#ws-broadcast-server-url");
    await url.filter({ hasText: /\/plant$/ }).waitFor();
    await dialog.getByLabel("Send", { exact: true }).selectOption({ label: "environment variable …" });
    await dialog.getByLabel("Name of the environment variable").filter({ visible: true }).fill("MODE");
    await dialog.getByText("Set by the environment").filter({ visible: true }).waitFor();
    await editor.acceptConfigAndDialog();
    assert.deepEqual(await editor.problemsOf("server"), []);
    assert.equal((await deployed("server"))?.mode, "${MODE}");
  });

  it("keep what the environment sets, in texts, lists, choices and switches", async () => {
    const listener = { port: "${UDP_PORT}", format: "${FORMAT}", rejects: "${REJECTS}", allow: ["${NETS}", "::1"] };
    await edit({ listener: { ...listener, topic: "plant/${SITE}/{sensor}" } });
    const dialog = await openListener("Decode");
    assert.equal(await dialog.getByLabel("Format").inputValue(), "${FORMAT}");
    assert.equal(await dialog.getByText("Set by the environment").filter({ visible: true }).count(), 2);
    await dialog.getByLabel("Topic").fill("plant/${SITE}");
    await editor.acceptDialog();
    assert.deepEqual(await editor.problemsOf("in"), []);
    const saved = await deployed("in");
    assert.deepEqual(
      [saved?.port, saved?.format, saved?.rejects, saved?.allow, saved?.topic],
      [listener.port, listener.format, listener.rejects, ["${NETS}", "::1"], "plant/${SITE}"],
    );
  });
});
