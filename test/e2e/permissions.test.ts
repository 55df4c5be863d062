import assert from "node:assert/strict";
import type { BrowserContext, Locator } from "playwright-core";
import { listenerEndpoints } from "../../nodes/lib/cockpit/listener-endpoints";
import { serverEndpoints } from "../../nodes/lib/cockpit/server-endpoints";
import { systemClock } from "../../nodes/lib/time/clock";
import { freeUdpPort } from "../support/free-port";
import { type NodeRedProcess, startNodeRed } from "../support/node-red-process";
import { packTarball } from "../support/tarball";
import { WsClient } from "../support/ws-client";
import { AdminApi } from "./admin-api";
import { browserUnavailable, type LaunchedBrowser, launchBrowser } from "./browser";
import { sendFromAnotherProcess } from "./datagram";
import { EditorPage } from "./editor-page";
import { deployAndStart } from "./installed-package";
import { describeTargets } from "./targets";

const SETUP_TIMEOUT_MS = 200_000;
const TEST_TIMEOUT_MS = 120_000;
const PASSWORD = "test-password";
/** Of the password. */
const HASH = "$2b$04$PVpfBL2nLH15X7ED2CvNXuw4cevFKmizEULJCj5xxy0uYFbKbDOtS";
const TOKEN = "token-of-the-hall-display";
const JWT_SECRET = "secret-that-signs-json-web-tokens";
const ACTIONS = ["Send a test datagram", "Disconnect", "Forget", "Allow this sender", "Allow this origin"];

const USERS = {
  type: "credentials",
  users: [
    { username: "admin", password: HASH, permissions: "*" },
    { username: "reader", password: HASH, permissions: "read" },
  ],
};

/** All that the package adds to Node-RED's admin API. */
const ADDRESSES = [
  ...listenerEndpoints({ listeners: new Map(), clock: systemClock, readConfig: () => assert.fail() }),
  ...serverEndpoints({ servers: new Map(), readPlace: () => assert.fail() }),
  { method: "get", path: "/ws-broadcast-server/:id/tokens", permission: "flows.write" },
  { method: "post", path: "/ws-broadcast-server/:id/jwt-key", permission: "flows.write" },
].map(({ method, path, permission }) => ({
  method: method.toUpperCase(),
  path: path.replace(":id", path.includes("udp") ? "in" : "server"),
  mayBeRead: permission.endsWith(".read"),
}));

describeTargets("Users of Node-RED", browserUnavailable, function (target) {
  this.timeout(TEST_TIMEOUT_MS);
  let nodeRed: NodeRedProcess;
  let admin: AdminApi;
  let reader: AdminApi;
  let launched: LaunchedBrowser;
  let client: WsClient;
  let port: number;

  before(async function () {
    this.timeout(SETUP_TIMEOUT_MS);
    nodeRed = await startNodeRed(target, { settings: { adminAuth: USERS } });
    admin = await AdminApi.logIn(nodeRed.url, "admin", PASSWORD);
    reader = await AdminApi.logIn(nodeRed.url, "reader", PASSWORD);
    const tarball = await packTarball();
    await admin.installTarball(tarball.file).finally(tarball.remove);
    port = await freeUdpPort();
    await deployAndStart(nodeRed, admin, flow(port));
    client = await WsClient.connect(`ws://127.0.0.1:${nodeRed.port}/ws?token=${TOKEN}`);
    await sendFromAnotherProcess(port, { sensor: "attic", value: 21.5 });
    await client.nextJson();
    launched = await launchBrowser();
  });

  after(async () => {
    client?.socket.terminate();
    await launched?.close();
    await nodeRed?.stop();
  });

  it("are told nothing before they log in", async () => {
    const nobody = new AdminApi(nodeRed.url);
    for (const { method, path } of ADDRESSES) {
      const { status, text } = await nobody.ask(method, path, method === "POST" ? {} : undefined);
      assert.deepEqual([method, path, status], [method, path, 401]);
      assert.equal(text, "Unauthorized");
    }
  });

  it("are told what is going on if they may read, and refused whatever changes something", async () => {
    for (const { method, path, mayBeRead } of ADDRESSES) {
      const { status } = await reader.ask(method, path, method === "POST" ? {} : undefined);
      assert.deepEqual([method, path, status], [method, path, mayBeRead ? 200 : 401]);
    }
    assert.equal(client.socket.readyState, client.socket.OPEN);
  });

  it("may do everything with all permissions", async () => {
    const { status } = await admin.ask("POST", "/sensorcast/udp/in/test", {});
    assert.equal(status, 200);
    const preview = await admin.ask("POST", "/sensorcast/udp/in/preview", { options: { format: "json" } });
    assert.match(preview.text, /attic/);
  });

  it("are never given a token or a key", async () => {
    const paths = ADDRESSES.filter(({ method }) => method === "GET").map(({ path }) => path);
    for (const user of [admin, reader]) {
      for (const path of [...paths, "/flows", "/credentials/ws-broadcast-server/server", "/settings", "/nodes"]) {
        const { text } = await user.ask("GET", path);
        for (const secret of [TOKEN, JWT_SECRET]) assert.ok(!text.includes(secret), `${path} has ${secret}`);
      }
    }
    assert.ok(!nodeRed.log().includes(TOKEN));
  });

  it("see data in the sidebar, and no actions, if they may read", async () => {
    const context = await launched.browser.newContext({ viewport: { width: 1280, height: 1000 }, locale: "en-US" });
    const sidebar = await sidebarOf(context, "reader");
    await sidebar.locator("td", { hasText: "attic" }).first().waitFor();
    await sidebar.getByText("hall display").first().waitFor();
    for (const name of ACTIONS) assert.equal(await sidebar.getByRole("button", { name }).count(), 0, name);
    await context.close();
  });

  it("see data and actions with all permissions", async () => {
    const context = await launched.browser.newContext({ viewport: { width: 1280, height: 1000 }, locale: "en-US" });
    const sidebar = await sidebarOf(context, "admin");
    await sidebar.getByText("hall display").first().waitFor();
    await sidebar.getByRole("button", { name: "Disconnect" }).click();
    assert.equal((await client.closed).code, 1000);
    await context.close();
  });

  async function sidebarOf(context: BrowserContext, username: string): Promise<Locator> {
    const editor = await EditorPage.logIn(context, nodeRed.url, { username, password: PASSWORD });
    await editor.invoke("sensorcast:show-sidebar");
    const sidebar = editor.page.locator(".sensorcast-sidebar");
    await sidebar.waitFor();
    return sidebar;
  }
});

function flow(port: number) {
  const tokens = [{ name: "hall display", token: TOKEN, topics: ["#"] }];
  return [
    { id: "tab", type: "tab", label: "Sensors" },
    { id: "in", type: "udp-sensor-in", z: "tab", x: 150, y: 100, port: String(port), wires: [["out"]] },
    { id: "out", type: "ws-broadcast-out", z: "tab", x: 450, y: 100, server: "server", wires: [] },
    {
      id: "server",
      type: "ws-broadcast-server",
      path: "/ws",
      requireToken: true,
      credentials: { tokens: JSON.stringify(tokens), jwtKey: JWT_SECRET },
    },
  ];
}
