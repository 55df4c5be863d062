import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { AccessControl } from "../../nodes/lib/access/access-control";
import { TokenSet } from "../../nodes/lib/access/token-set";
import { browserUnavailable, type LaunchedBrowser, launchBrowser } from "./browser";
import { PageRig } from "./live-page-rig";

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const LISTED = new AccessControl(
  new TokenSet([{ name: "display", token: "let-me-in", filters: ["plant/#"], expiresAt: undefined }]),
);
const HOSTILE = "<img src=x onerror=alert(1)>";

const rowOf = (page: Page, name: string): Locator =>
  page.locator(".row").filter({ has: page.getByRole("heading", { name, exact: true }) });
const valueIn = (page: Page, name: string): Promise<string | null> => rowOf(page, name).locator(".value").textContent();
// As text of the document, not as drawn: a browser puts off drawing rows that were out of sight (content-visibility).
const names = (page: Page): Promise<string[]> => page.locator(".row .name").allTextContents();
const screenshot = (name: string): string => join(__dirname, "screenshots", `live-page-${name}.png`);

(browserUnavailable ? describe.skip : describe)("The live page", function () {
  this.timeout(60_000);
  let launched: LaunchedBrowser;
  let rig: PageRig;

  before(async () => {
    launched = await launchBrowser();
  });
  after(() => launched?.close());
  afterEach(() => rig.close());

  it("shows every kind of payload as text, with nothing wrong and no request elsewhere", async () => {
    rig = await PageRig.start(launched);
    const { server } = rig;
    server.publishPayload("boiler", { sensor: "boiler", value: 68.25, unit: "°C" });
    server.publishPayload("numeric", "21.5");
    server.publishPayload("switch", true);
    server.publishPayload("text", "all is <b>well</b>");
    server.publishPayload("nothing", null);
    server.publishPayload("bytes", Buffer.from([0, 10, 255]));
    server.publishPayload("motor", { rpm: 1500, oil: { ok: false }, list: [1, 2] });
    server.publishPayload(HOSTILE, HOSTILE);
    const { page, errors } = await rig.open();
    await rowOf(page, HOSTILE).waitFor();
    const shown = {
      boiler: "68.25",
      numeric: "21.5",
      switch: "true",
      text: "all is <b>well</b>",
      nothing: "null",
      bytes: "00 0a ff",
      "motor › rpm": "1,500",
      "motor › oil.ok": "false",
      "motor › list": "[1,2]",
      [HOSTILE]: HOSTILE,
    };
    for (const [name, value] of Object.entries(shown)) assert.equal(await valueIn(page, name), value, name);
    assert.equal(await rowOf(page, "boiler").locator(".unit").innerText(), "°C");
    assert.equal(await page.locator(".row").count(), Object.keys(shown).length);
    assert.deepEqual(errors, []);
  });

  it("sorts as people do, groups by topic, folds and filters", async () => {
    rig = await PageRig.start(launched);
    for (const topic of ["plant/line10/a", "plant/line2/b", "sensor10", "sensor9", "plant/line2/a"]) {
      rig.server.publishPayload(topic, 1);
    }
    const { page, errors } = await rig.open();
    await rowOf(page, "plant/line10/a").waitFor();
    assert.deepEqual(await names(page), ["sensor9", "sensor10", "plant/line2/a", "plant/line2/b", "plant/line10/a"]);
    await page.getByRole("button", { name: "plant/line2", exact: true }).click();
    assert.deepEqual(await names(page), ["sensor9", "sensor10", "plant/line10/a"]);
    await page.getByRole("button", { name: "plant", exact: true }).click();
    assert.deepEqual(await names(page), ["sensor9", "sensor10"]);
    await page.getByRole("button", { name: "plant", exact: true }).click();
    await page.getByRole("button", { name: "plant/line2", exact: true }).click();
    await page.getByLabel("Filter by topic").fill("plant/+/a");
    assert.deepEqual(await names(page), ["plant/line2/a", "plant/line10/a"]);
    await page.getByLabel("Filter by topic").fill("SENSOR1");
    assert.deepEqual(await names(page), ["sensor10"]);
    await page.getByLabel("Filter by topic").fill("nonsense");
    await page.getByText("Nothing matches the filter.").waitFor();
    assert.deepEqual(errors, []);
  });

  it("greys what is stale, and hides it on request", async () => {
    rig = await PageRig.start(launched);
    rig.server.publishPayload("old", 1, Date.now() - 3_600_000);
    const { page } = await rig.open();
    await page.locator(".row.is-stale").waitFor();
    await page.getByText("60 min").waitFor();
    rig.server.publishPayload("fresh", 1);
    await rowOf(page, "fresh").waitFor();
    await page.getByLabel("Hide stale").check();
    assert.deepEqual(await names(page), ["fresh"]);
  });

  it("lays signals over each other in a chart, with zoom, and gives them as CSV", async () => {
    rig = await PageRig.start(launched);
    const { page, errors } = await rig.open();
    await page.locator("[data-connection=open]").waitFor();
    const start = Date.now() - 20_000;
    for (let n = 0; n <= 20; n++) {
      rig.server.publishPayload("a", { value: n, unit: "V" }, start + n * 1000);
      rig.server.publishPayload("=b", { value: -n, unit: "A" }, start + n * 1000 + 500);
    }
    await rowOf(page, "=b").waitFor();
    for (const name of ["a", "=b"]) await rowOf(page, name).getByRole("button").click();
    await page.locator("#legend").getByText("20 V (0 to 20)").waitFor();
    await page.getByLabel("Last").selectOption("30");
    await page.screenshot({ path: screenshot("chart") });

    const plot = page.locator("#plot .u-over");
    const { x, y, width, height } = (await plot.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(x + width * 0.4, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.8, y + height / 2, { steps: 4 });
    await page.mouse.up();
    await page.getByRole("button", { name: "Back to now" }).waitFor();

    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "CSV" }).click();
    const lines = (await readFile(await (await downloading).path(), "utf8")).trim().split("\r\n");
    assert.equal(lines[0], "time,topic,field,value,unit");
    const values = lines.slice(1).map((line) => line.split(","));
    assert.ok(values.length > 10 && values.length < 42, `${values.length} lines are of the part that is looked at`);
    assert.deepEqual([...new Set(values.map(([, topic, , , unit]) => `${topic} ${unit}`))].sort(), ["'=b A", "a V"]);
    await page.getByRole("button", { name: "Back to now" }).click();
    assert.deepEqual(errors, []);
  });

  it("stands still while it is paused", async () => {
    rig = await PageRig.start(launched);
    rig.server.publishPayload("a", 1);
    const { page } = await rig.open();
    await rowOf(page, "a").waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    rig.server.publishPayload("a", 2);
    rig.server.publishPayload("b", 2);
    await page.getByText("2 topics").waitFor();
    assert.deepEqual([await valueIn(page, "a"), await names(page)], ["1", ["a"]]);
    await page.getByRole("button", { name: "Go on" }).click();
    await rowOf(page, "b").waitFor();
    await rowOf(page, "a").getByText("2", { exact: true }).waitFor();
  });

  it("asks for a token, and keeps it out of the address", async () => {
    rig = await PageRig.start(launched, { access: LISTED });
    rig.server.publishPayload("plant/a", 1);
    const { page } = await rig.open("/?token=wrong");
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Token is not known").waitFor();
    assert.equal(new URL(page.url()).search, "");
    await page.screenshot({ path: screenshot("token") });
    await page.getByLabel("Token", { exact: true }).fill("let-me-in");
    await page.getByRole("button", { name: "Connect" }).click();
    await rowOf(page, "plant/a").waitFor();
    await page.reload();
    await rowOf(page, "plant/a").waitFor();
    assert.doesNotMatch(page.url(), /let-me-in|wrong/);
  });

  it("says why there is no connection, and comes back", async () => {
    rig = await PageRig.start(launched, { settings: { maxClients: 1 } });
    const first = await rig.server.connect();
    const { page } = await rig.open();
    await page.getByText("This server is full: it takes 1 clients.").waitFor();
    await first.close();
    await page.getByRole("button", { name: "Try again" }).click();
    await page.locator("[data-connection=open]").waitFor();
  });

  it("fits a phone, in the dark, too", async () => {
    rig = await PageRig.start(launched);
    for (let n = 0; n < 80; n++)
      rig.server.publishPayload(`plant/a-long-name-of-a-line/sensor${n}`, { value: n / 7, unit: "mm/s" });
    const { page } = await rig.open("/", { ...PHONE, colorScheme: "dark" });
    await page.locator(".is-compact .row").first().waitFor();
    const overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert.equal(await page.evaluate(overflow), 0);
    await page.screenshot({ path: screenshot("phone-dark") });
    await page.getByLabel("Compact").uncheck();
    assert.equal(await page.evaluate(overflow), 0);
    await page.screenshot({ path: screenshot("phone-dark-cards") });
  });
});
